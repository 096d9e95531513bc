/**
 * How long what nobody needs any more is kept, in days. This is the one place; docs/privacy.md repeats it. Grants, the
 * attempts that brought them, and researchers stay until they are erased; events and tombstones stay.
 */
export const retentionDays = {
  /** Attempts to ORCID that brought nothing, from their end. */
  empty_attempts: 90,
  /** Sessions, from the end of their time. */
  sessions: 30,
  /** Revocations, from ORCID's confirmation. Their tokens were destroyed with it. */
  revocations: 365,
  /** What was asked of ORCID about whom, from when it was asked. */
  orcid_calls: 90,
  /** Words that were shown, from when they were shown first, where no attempt refers to them any more. */
  shown_texts: 1,
  /** What staff entered or uploaded to look at first, from the end of its hour. */
  affiliation_drafts: 0,
  /** Trials of the OAuth flow by staff, from their beginning. Their tokens were revoked within hours. */
  trials: 1,
  /** Which files were made, and how far they got, from their beginning. Their events stay. */
  export_runs: 90,
  /** Jobs that failed for good, from their last try. What they were to do, the timetable has repeated since. */
  failed_jobs: 30,
  /** That there was a note, from when its words were taken away. */
  removed_notes: 30,
  /** What checks of permissions found, from the check. The last finding stays with its grant. */
  checks: 365,
} as const

export type RetentionKind = keyof typeof retentionDays
