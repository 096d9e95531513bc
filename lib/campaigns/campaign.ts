export const campaignStates = ['draft', 'open', 'paused', 'closed'] as const
export type CampaignState = (typeof campaignStates)[number]

/** `expiring` and `check_up` stand: they can be left running, and ask each person once a year at most, by one mail. */
export const campaignKinds = ['ask', 'expiring', 'check_up'] as const
export type CampaignKind = (typeof campaignKinds)[number]

export const standingKinds = ['expiring', 'check_up'] as const satisfies readonly CampaignKind[]
export type StandingKind = (typeof standingKinds)[number]

export const isStanding = ({ kind }: { kind: CampaignKind }) => kind !== 'ask'

/** What a standing campaign begins with. Newcomers are few enough a day to need nobody's look at bounces. */
export const standing = {
  expiring: { template: 'expiring', audience: 'connection=expiring', newcomersPerDay: 50 },
  check_up: { template: 'check_up', audience: 'connection=connected', newcomersPerDay: 50 },
} as const satisfies Record<StandingKind, object>

export const stepAudiences = ['not_connected', 'allowed_less', 'failed_on_the_way'] as const
export type StepAudience = (typeof stepAudiences)[number]

export type Step = { template: string; afterDays: number; audience: StepAudience; times: number }
export type PlacedStep = Step & { place: number }

/** An invitation, and reminders 7 and 21 days after it: 7 and 14 after the mail before. */
export const defaultSteps: readonly Step[] = [
  { template: 'invitation', afterDays: 0, audience: 'not_connected', times: 1 },
  { template: 'reminder', afterDays: 7, audience: 'not_connected', times: 1 },
  { template: 'last_reminder', afterDays: 14, audience: 'not_connected', times: 1 },
]

export const stepsMax = 8
export const timesMax = 5
export const daysMax = 365
export const perDayMax = 2_000

/** In characters. */
export const textMax = { name: 120, purpose: 2_000, why: 2_000, reason: 400, informed: 4_000 } as const

/** Above so many recipients a second administrator has to agree. */
export const approvalAbove = 500
/** Where there is only one, the same one may agree after this time. */
export const soleApprovalMs = 60 * 60_000
/** Nothing goes out before. */
export const waitMs = 30 * 60_000
/** So many go out before somebody looks at the bounces. */
export const firstMails = 50
/** So many mails of a mailing that cannot be delivered, and this share of what went out, need somebody. */
export const bouncing = { least: 5, share: 0.05, days: 14 } as const
/** At most one mail in so many days, over all campaigns. */
export const restDays = 7
/** Whoever stopped all access is not asked for so long. */
export const restAfterWithdrawingMonths = 12

export const mailingStates = [
  'to_be_approved',
  'first',
  'to_be_looked_at',
  'sending',
  'done',
  'stopped',
  'taken_back',
] as const
export type MailingState = (typeof mailingStates)[number]

/** A mailing in one of these states is under way: the timetable opens no other one in its campaign. */
export const activeMailings = [
  'to_be_approved',
  'first',
  'to_be_looked_at',
  'sending',
] as const satisfies readonly MailingState[]

/** The last earlier mail for the same people, else the first one: whoever did not get it does not get this. */
export function placeBefore(steps: readonly PlacedStep[], { place, audience }: PlacedStep): number {
  if (place === 1) return 0
  return steps.findLast((step) => step.place < place && step.audience === audience)?.place ?? 1
}
