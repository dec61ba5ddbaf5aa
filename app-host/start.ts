import { HostError } from './host-error.ts';
import { electronVersion } from './startup.ts';

const args = process.argv.slice(2);

if (args[0] === '--version' || args[0] === '-v') {
  console.log(`v${electronVersion}`);
} else {
  try {
    // The import itself reads the command line, and fails when it names no app.
    const { run } = await import('./main.ts');
    await run();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
