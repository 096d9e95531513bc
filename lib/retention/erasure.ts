/** Why staff erase somebody. A closed list: free words would be kept for good, and might name the person again. */
export const staffErasureReasons = ['asked', 'left', 'obligation', 'mistake'] as const

export type StaffErasureReason = (typeof staffErasureReasons)[number]
/** `repeated`: of somebody who had been erased and came back with a backup. */
export type ErasureReason = 'own_request' | StaffErasureReason | 'repeated'
