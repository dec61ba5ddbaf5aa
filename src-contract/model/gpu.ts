import { z } from 'zod';

/** `0000:01:00.0`: domain, bus, slot and function in lower-case hexadecimal. */
export const pciAddressSchema = z
  .string()
  .regex(/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/, 'a PCI address is like 0000:01:00.0');

export const pciFunctionSchema = z.object({
  address: pciAddressSchema,
  /** Six hexadecimal digits, such as 030000 for a VGA controller. */
  classCode: z.string(),
  vendor: z.string(),
  product: z.string(),
  driver: z.string().nullable(),
});

/** How a machine gets its cards. */
export const gpuOptionsSchema = z.object({
  /** Firmware of a card, as a file on the host; for cards that hide their own. */
  roms: z
    .array(
      z.object({
        address: pciAddressSchema,
        file: z.string().max(4096).startsWith('/', 'the path of a firmware file begins with /'),
      }),
    )
    .max(4)
    .default([]),
  /** The guest is not told that it is one, which drivers of some cards demand. */
  hideHypervisor: z.boolean().default(false),
});

/** A graphics card of this host and whether a machine can have it. */
export const gpuSchema = z.object({
  /** Address of its display function. */
  address: pciAddressSchema,
  name: z.string(),
  iommuGroup: z.number().int().nonnegative().nullable(),
  /** All functions of its slot; they are passed through together. */
  functions: z.array(pciFunctionSchema),
  /** Other devices in its IOMMU group, which would have to go with it. */
  groupOthers: z.array(pciFunctionSchema),
  /** The firmware's console is on it. */
  bootVga: z.boolean().nullable(),
  /** Why it cannot be passed through; empty = it can. */
  obstacles: z.array(z.object({ code: z.string(), message: z.string(), hint: z.string() })),
  /** The machine that holds it. */
  machineId: z.string().nullable(),
});
export type Gpu = z.infer<typeof gpuSchema>;
