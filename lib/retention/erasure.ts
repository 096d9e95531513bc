/** A closed list: free text would stay for good, and could name the person. */
export const staffErasureReasons = ['asked', 'left', 'obligation', 'mistake'] as const

export type StaffErasureReason = (typeof staffErasureReasons)[number]
/** `repeated`: the erasure was repeated after a restore. */
export type ErasureReason = 'own_request' | 'objected' | StaffErasureReason | 'repeated'
