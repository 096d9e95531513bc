/** What is written down. The subject and the actor are in columns of their own; `detail` holds no personal data. */
export const auditActions = [
  'attempt.started',
  'attempt.ended',
  'grant.saved',
  'grant.superseded',
  'grant.withdrawn',
  'grant.expired',
  'revocation.requested',
  'revocation.confirmed',
  'session.started',
  'session.ended',
  'data.downloaded',
  'list.exported',
  'audit.exported',
  'researcher.viewed',
  'researcher.erased',
  'retention.applied',
  'staff.added',
  'keys.rotation_started',
  'keys.rotated',
  'keys.forgotten',
  'staff.invited',
  'staff.invitation_withdrawn',
  'staff.joined',
  'staff.role_changed',
  'staff.role_taken',
  'affiliation.added',
  'affiliation.changed',
  'affiliation.removal_asked',
  'affiliation.written',
  'affiliation.held',
  'affiliation.refused',
  'affiliation.deleted',
  'affiliation.deleted_by_person',
  'affiliation.drifted',
  'affiliations.imported',
  'writing.confirmed',
] as const

export type AuditAction = (typeof auditActions)[number]

/** How many events one seal is over, and after how many the sealer is called without waiting for its minute. */
export const sealBatchSize = 1_000
