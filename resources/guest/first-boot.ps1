# Sets up a new Windows, once, and reports each result to the host. Setup starts it from the seed medium:
#   first-boot.ps1 specialize   before anybody can log in: only says so
#   first-boot.ps1 first-boot   at the first log-in: tools of the guest, then what tasks.json beside it lists
# Windows PowerShell 5.1, ASCII only. Answers are lines of JSON on the progress port.

param([string]$Phase = 'first-boot')

$ErrorActionPreference = 'Continue'
$ReportLines = 20
$LineChars = 120
$HeartbeatSeconds = 20
$WriteMs = 10000
$ToolsSeconds = 900
$WingetSeconds = 180
$PortName = '\\.\Global\org.berth.progress.0'
$Here = $PSScriptRoot
$Work = Join-Path $env:SystemRoot 'Temp\berth-first-boot'

$script:Port = $null
$script:Pending = $null
$script:HadPort = $false

# .NET opens no devices by their names, so the port is opened by the system's own call. Overlapped: a port that nobody
# reads would block its writer for ever.
$Native = @'
[DllImport("kernel32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
public static extern Microsoft.Win32.SafeHandles.SafeFileHandle CreateFileW(
    string name, uint access, uint share, System.IntPtr security, uint disposition, uint flags, System.IntPtr template);
'@

function Open-Port {
    param([int]$Seconds)
    $write = 0x40000000
    $overlapped = 0x40000000
    $openExisting = 3
    try {
        if (-not ('Berth.Native' -as [type])) {
            Add-Type -Namespace Berth -Name Native -MemberDefinition $Native
        }
        $until = (Get-Date).AddSeconds($Seconds)
        while ($true) {
            $handle = [Berth.Native]::CreateFileW($PortName, $write, 0, [IntPtr]::Zero, $openExisting, $overlapped,
                [IntPtr]::Zero)
            if (-not $handle.IsInvalid) {
                $script:Port = New-Object System.IO.FileStream($handle, [System.IO.FileAccess]::Write, 1, $true)
                $script:HadPort = $true
                return
            }
            if ((Get-Date) -ge $until) { return }
            Start-Sleep -Seconds 1
        }
    } catch {
        $script:Port = $null
    }
}

function Close-Port {
    if ($null -eq $script:Port) { return }
    try { $script:Port.Dispose() } catch { }
    $script:Port = $null
    $script:Pending = $null
}

# A line that the host does not take in time is given up, and those after it until it has been taken.
function Send-Line {
    param([string]$Line)
    if ($null -eq $script:Port) { return }
    try {
        if ($null -ne $script:Pending -and -not $script:Pending.Wait($WriteMs)) { return }
        $bytes = [System.Text.Encoding]::ASCII.GetBytes($Line + "`n")
        $script:Pending = $script:Port.WriteAsync($bytes, 0, $bytes.Length)
        if ($script:Pending.Wait($WriteMs)) { $script:Pending = $null }
    } catch {
        Close-Port
    }
}

function Send-Phase {
    param([string]$Name, [int]$Percent, [string]$Message)
    Send-Line ('{"phase":"' + $Name + '","pct":' + $Percent + ',"message":"' + $Message + '"}')
}

function Send-Task {
    param([int]$Index, [string]$State, [string]$Message, [string]$More = '')
    $head = '{"phase":"apps","task":' + $Index + ',"state":"' + $State + '","message":"' + $Message + '"'
    Send-Line ($head + $More + '}')
}

# The last lines of the logs as the items of a JSON list, printable ASCII only.
function Get-LastLines {
    param([string[]]$Paths)
    $lines = @()
    foreach ($path in $Paths) {
        if (Test-Path -LiteralPath $path) {
            $lines += @(Get-Content -LiteralPath $path -Tail $ReportLines -ErrorAction SilentlyContinue)
        }
    }
    $items = @()
    foreach ($line in $lines) {
        $text = ([string]$line).Replace('\', '/').Replace('"', ' ') -replace '[^\x20-\x7e]', ''
        if ($text.Trim() -eq '') { continue }
        if ($text.Length -gt $LineChars) { $text = $text.Substring(0, $LineChars) }
        $items += '"' + $text + '"'
    }
    (@($items | Select-Object -Last $ReportLines)) -join ','
}

# Exit codes of Windows are 32 bits, often shown as negative numbers.
function Get-ExitNumber {
    param($Code)
    if ($null -eq $Code) { return 0 }
    [System.BitConverter]::ToUInt32([System.BitConverter]::GetBytes([int]$Code), 0)
}

function Stop-Tree {
    param([int]$Id)
    & taskkill.exe /PID $Id /T /F 2>&1 | Out-Null
}

# Waits for a process, with a sign of life now and then; false when its time was up and it was ended.
function Wait-Within {
    param($Process, [int]$Seconds, [scriptblock]$Alive)
    $until = (Get-Date).AddSeconds($Seconds)
    $next = (Get-Date).AddSeconds($HeartbeatSeconds)
    while (-not $Process.WaitForExit(1000)) {
        $now = Get-Date
        if ($now -ge $until) {
            Stop-Tree $Process.Id
            $Process.WaitForExit(10000) | Out-Null
            return $false
        }
        if ($now -ge $next) {
            if ($null -ne $Alive) { & $Alive | Out-Null }
            $next = $now.AddSeconds($HeartbeatSeconds)
        }
    }
    $true
}

# winget comes with the desktop, but is registered for an account only some time after its first log-in.
function Enable-Winget {
    if (Get-Command winget.exe -ErrorAction SilentlyContinue) { return }
    $family = 'Microsoft.DesktopAppInstaller_8wekyb3d8bbwe'
    $until = (Get-Date).AddSeconds($WingetSeconds)
    while ((Get-Date) -lt $until) {
        Add-AppxPackage -RegisterByFamilyName -MainPackage $family -ErrorAction SilentlyContinue
        if (Get-Command winget.exe -ErrorAction SilentlyContinue) { return }
        Start-Sleep -Seconds 5
    }
}

function Invoke-Task {
    param([int]$Index, $Task)
    $name = [string]$Task.message
    Send-Task $Index 'running' $name
    if ($null -eq $Task.command) {
        $more = ',"exit":127,"lines":["There is no command for Windows."]'
        Send-Task $Index 'failed' ($name + ' cannot be installed here') $more
        return
    }
    $file = Join-Path $Work 'command.ps1'
    $out = Join-Path $Work 'out.log'
    $err = Join-Path $Work 'err.log'
    Remove-Item -LiteralPath $file, $out, $err -Force -ErrorAction SilentlyContinue
    foreach ($one in @($Task.variables)) {
        if ($null -ne $one) { [Environment]::SetEnvironmentVariable($one.name, $one.value, 'Process') }
    }
    try {
        if ([string]$Task.command -match '\bwinget\b') { Enable-Winget }
        # With the mark of UTF-8, without which letters beyond ASCII are misread. A program that fails makes it fail.
        $text = [string]$Task.command + "`r`nif (`$LASTEXITCODE) { exit `$LASTEXITCODE }`r`n"
        [System.IO.File]::WriteAllText($file, $text, (New-Object System.Text.UTF8Encoding($true)))
        $arguments = '-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "' + $file + '"'
        $process = Start-Process -FilePath 'powershell.exe' -ArgumentList $arguments -PassThru -WindowStyle Hidden `
            -RedirectStandardOutput $out -RedirectStandardError $err
        # Without a look at the handle the exit code is lost.
        $null = $process.Handle
        $inTime = Wait-Within $process ([int]$Task.timeoutSeconds) { Send-Task $Index 'running' $name }
        $code = Get-ExitNumber $process.ExitCode
        $state = 'done'
        if (-not $inTime) { $state = 'timed-out' } elseif ($code -ne 0) { $state = 'failed' }
        Send-Task $Index $state $name (',"exit":' + $code + ',"lines":[' + (Get-LastLines @($out, $err)) + ']')
    } catch {
        Set-Content -LiteralPath $err -Value ([string]$_) -ErrorAction SilentlyContinue
        Send-Task $Index 'failed' $name (',"lines":[' + (Get-LastLines @($err)) + ']')
    } finally {
        foreach ($one in @($Task.variables)) {
            if ($null -ne $one) { [Environment]::SetEnvironmentVariable($one.name, $null, 'Process') }
        }
    }
}

# Drivers, guest agent and SPICE agent from the medium of virtio drivers, when it is in a drive.
function Install-GuestTools {
    foreach ($drive in Get-PSDrive -PSProvider FileSystem) {
        $all = Join-Path $drive.Root 'virtio-win-guest-tools.exe'
        $packages = @('virtio-win-gt-x64.msi', 'guest-agent\qemu-ga-x86_64.msi') | ForEach-Object { Join-Path $drive.Root $_ }
        if (Test-Path -LiteralPath $all) {
            $process = Start-Process -FilePath $all -ArgumentList '/install /quiet /norestart' -PassThru
            Wait-Within $process $ToolsSeconds | Out-Null
            return
        }
        foreach ($package in $packages) {
            if (-not (Test-Path -LiteralPath $package)) { continue }
            $arguments = '/i "' + $package + '" /qn /norestart'
            $process = Start-Process -FilePath 'msiexec.exe' -ArgumentList $arguments -PassThru
            Wait-Within $process $ToolsSeconds | Out-Null
        }
    }
}

# OpenSSH reads the keys of administrators from one file, which nobody else may write.
function Add-SshKeys {
    param($Keys)
    $list = @($Keys | Where-Object { $_ })
    if ($list.Count -eq 0) { return }
    $folder = Join-Path $env:ProgramData 'ssh'
    $file = Join-Path $folder 'administrators_authorized_keys'
    New-Item -ItemType Directory -Path $folder -Force | Out-Null
    [System.IO.File]::WriteAllLines($file, [string[]]$list, (New-Object System.Text.UTF8Encoding($false)))
    & icacls.exe $file /inheritance:r /grant '*S-1-5-32-544:F' /grant '*S-1-5-18:F' 2>&1 | Out-Null
}

# Setup keeps copies of its answers, and logs the account in by a password that it leaves in the registry.
function Remove-Secrets {
    $winlogon = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon'
    Set-ItemProperty -Path $winlogon -Name AutoAdminLogon -Value '0' -ErrorAction SilentlyContinue
    foreach ($name in @('DefaultPassword', 'AutoLogonCount')) {
        Remove-ItemProperty -Path $winlogon -Name $name -ErrorAction SilentlyContinue
    }
    $copies = @('Panther\unattend.xml', 'Panther\unattend-original.xml', 'Panther\Unattend\unattend.xml',
        'System32\Sysprep\unattend.xml')
    foreach ($name in $copies) {
        Remove-Item -LiteralPath (Join-Path $env:SystemRoot $name) -Force -ErrorAction SilentlyContinue
    }
    Remove-Item -LiteralPath $Work -Recurse -Force -ErrorAction SilentlyContinue
}

if ($Phase -eq 'specialize') {
    Open-Port 10
    Send-Phase 'install' 70 'Windows is on the disk and starts for the first time'
    Close-Port
    exit 0
}

New-Item -ItemType Directory -Path $Work -Force | Out-Null
Open-Port 30
Send-Phase 'boot' 10 'The installed system has started'
# New drivers take the port away from whoever has it.
Close-Port
Install-GuestTools
Open-Port 60
try {
    $json = [System.IO.File]::ReadAllText((Join-Path $Here 'tasks.json'), [System.Text.Encoding]::UTF8)
    $plan = ConvertFrom-Json $json
    Add-SshKeys $plan.sshKeys
    $index = 0
    foreach ($task in @($plan.tasks)) {
        if ($null -eq $task) { continue }
        Invoke-Task $index $task
        $index = $index + 1
    }
} finally {
    Remove-Secrets
    Send-Phase 'ready' 100 'The first boot has finished'
    Close-Port
}
# Without its port nothing of this was heard: to be switched off is the other sign that the host knows.
if (-not $script:HadPort) { & shutdown.exe /s /t 5 }
exit 0
