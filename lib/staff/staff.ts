import type { Role } from '@/lib/actor'

/** Each role includes the rights of the roles before it. */
export const roles = ['viewer', 'manager', 'admin'] as const satisfies readonly Role[]

export const invitationLifetimeMs = 7 * 24 * 3_600_000
