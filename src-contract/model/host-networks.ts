import { z } from 'zod';

/** What machines of this host can be put on. */
export const hostNetworksSchema = z.object({
  /** libvirt's; `forward` is null for one that is kept to itself. */
  networks: z.array(
    z.object({
      name: z.string(),
      active: z.boolean(),
      bridge: z.string().nullable(),
      forward: z.string().nullable(),
    }),
  ),
  /** The kernel's, without those of libvirt's networks. */
  bridges: z.array(z.object({ name: z.string(), up: z.boolean() })),
});
export type HostNetworks = z.infer<typeof hostNetworksSchema>;
