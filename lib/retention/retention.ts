/**
 * Days until deletion, from the end of use or the time of the entry; docs/privacy.md repeats them. Researchers, grants
 * and their attempts stay until an erasure, people who have left for
 * `LEAVERS_KEEP_MONTHS`; events and tombstones stay for good.
 */
export const retentionDays = {
  /** Attempts without a researcher, from their end. */
  empty_attempts: 90,
  sessions: 30,
  /** From ORCID's confirmation, which destroyed the token. */
  revocations: 365,
  orcid_calls: 90,
  /** From their first use, if no attempt refers to them. */
  shown_texts: 1,
  /** From the end of their hour. */
  affiliation_drafts: 0,
  /** From the end of their hour. */
  form_drafts: 0,
  /** From the day they were planned; they cannot be undone after that. */
  batches: 90,
  /** From the closing of their campaign, with links and mails; of one from a person’s page, from its end.
   * The numbers of the campaign stay, of groups of ten people and more. */
  invitations: 90,
  /** From their start. Their tokens were revoked within hours. */
  trials: 1,
  export_runs: 90,
  /** From the time they were due. */
  export_plan_runs: 365,
  /** From the change; the last one stays. Systems that keep a copy of the list have until then to read them. */
  changes: 90,
  /** From the event, once nobody tries any more. */
  deliveries: 90,
  /** Idempotency keys of systems. */
  api_writes: 1,
  /** From their last try. The timetable has repeated their work. */
  failed_jobs: 30,
  /** From the removal of their text. */
  removed_notes: 30,
  /** From the check. The last finding stays with its grant. */
  checks: 365,
  /** From their making; those of a campaign from its end. What is suppressed stays, as a digest. */
  mails: 90,
  /** From their day. */
  system_uses: 365,
  /** From the end of the permission. */
  delegations: 365,
  /** From their end, a quarter of an hour after they were given. */
  access_tokens: 0,
  /** From their day. The history says who approved how many. */
  leaver_approvals: 30,
} as const

export type RetentionKind = keyof typeof retentionDays
