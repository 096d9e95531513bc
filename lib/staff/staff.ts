import type { Role } from '@/lib/actor'

/** From the least to the most: each role may do what those before it may. */
export const roles = ['viewer', 'manager', 'admin'] as const satisfies readonly Role[]

/** How long a link to join the team can be used. */
export const invitationLifetimeMs = 7 * 24 * 3_600_000
