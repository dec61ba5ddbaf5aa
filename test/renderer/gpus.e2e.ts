import AxeBuilder from '@axe-core/playwright';
import type { Gpu } from '../../src-contract/model/gpu.ts';
import { blank, details, machine } from './fake/fixtures.ts';
import { expect, test } from './fake/test.ts';

const card = (change: Partial<Gpu> = {}): Gpu => ({
  address: '0000:01:00.0',
  name: 'NVIDIA TU104',
  iommuGroup: 2,
  functions: [
    {
      address: '0000:01:00.0',
      classCode: '030000',
      vendor: 'NVIDIA',
      product: 'TU104',
      driver: 'nouveau',
    },
    {
      address: '0000:01:00.1',
      classCode: '040300',
      vendor: 'NVIDIA',
      product: 'TU104 Audio',
      driver: 'snd_hda_intel',
    },
  ],
  groupOthers: [],
  bootVga: false,
  obstacles: [],
  machineId: null,
  ...change,
});

const integrated = card({
  address: '0000:00:02.0',
  name: 'Intel UHD 630',
  obstacles: [
    { code: 'boot_vga', message: 'The host shows its console on it.', hint: 'Use another card.' },
  ],
  machineId: 'm1',
});

test('a free card is chosen, another says why not', async ({ page, open }) => {
  const main = await open({ templates: [blank] }, '/index.html#/create/blank', (fake) =>
    fake.handle('gpus.list', () => [card(), integrated]),
  );
  await page.getByTestId('hardware').click();
  const fields = page.getByTestId('gpus');
  await expect(page.getByTestId('gpu-0000:00:02.0')).toBeDisabled();
  await expect(fields).toContainText('The host shows its console on it. Use another card.');
  await expect(fields).toContainText('with TU104 Audio.');
  await page.getByTestId('gpu-0000:01:00.0').check();
  await page.getByTestId('hide-hypervisor').check();
  await page.getByLabel('Its firmware').fill('/srv/card.rom');
  await expect
    .poll(() => main.calls.findLast(({ channel }) => channel === 'creations.plan')?.args)
    .toMatchObject({
      gpus: ['0000:01:00.0'],
      overrides: {
        gpu: {
          hideHypervisor: true,
          roms: [{ address: '0000:01:00.0', file: '/srv/card.rom' }],
        },
      },
    });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test('a machine’s page shows its card and why it is placed where it is', async ({ page, open }) => {
  const held = card({
    machineId: 'm1',
    functions: card().functions.map((one) => ({ ...one, driver: 'vfio-pci' })),
  });
  const placed = machine(1, {
    notes: [{ code: 'cpu_policy', severity: 'info', message: 'CPUs 4 to 7 of NUMA node 1.' }],
  });
  const main = await open({ machines: [placed] }, '/index.html#/machine/m1', (fake) => {
    fake.handle('gpus.list', () => [held]);
    fake.handle('machines.details', () => details());
  });
  await expect(page.getByTestId('machine-gpu')).toContainText('NVIDIA TU104');
  await expect(page.getByTestId('machine-gpu')).toContainText('in the machine');
  await expect(page.getByTestId('placement')).toHaveText(/CPUs 4 to 7 of NUMA node 1/);
  main.handle('gpus.list', () => [card({ machineId: 'm1' })]);
  await main.emit(main.machineEvent({ ...placed, power: 'off' }));
  await expect(page.getByTestId('machine-gpu')).toContainText(
    'with the host (nouveau, snd_hda_intel), reserved for the machine’s next start',
  );
});

test('the host page lists cards with group, parts and owner', async ({ page, open }) => {
  await open({ machines: [machine(1, { id: 'm1', name: 'one' })] }, '/index.html#/host', (fake) => {
    fake.handle('gpus.list', () => [card(), integrated]);
    fake.handle('host.doctor', () => []);
  });
  const items = page.getByTestId('gpu');
  await expect(items).toHaveCount(2);
  await expect(items.first()).toContainText('IOMMU group 2');
  await expect(items.first()).toContainText('0000:01:00.1 TU104 Audio, snd_hda_intel');
  await expect(items.first()).toContainText('A machine can have it.');
  await expect(items.last()).toContainText('The machine one has it.');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
