/** From the start to the exchange, and again from the exchange to the end. */
export const trialLifetimeS = 60 * 60

/** Limit of requests and callbacks in one trial. */
export const trialStepsMax = 40

/** Sections of a record, as in the API's paths. */
export const sections = [
  'person',
  'personal-details',
  'external-identifiers',
  'employments',
  'educations',
  'works',
  'fundings',
] as const

export type Section = (typeof sections)[number]

export type StepKind = 'callback' | 'exchange' | 'repeat' | 'check' | 'read' | 'section' | 'add' | 'delete' | 'revoke'

/** `orcid`: the record to read with the client's own token. */
export type TokenUse =
  | { use: 'read'; orcid?: string }
  | { use: 'section'; section: Section }
  | { use: 'add' }
  | { use: 'delete' }

/**
 * Why nothing was sent. `over`: the trial has ended; `busy`: another exchange has the claim; `lost`: recovery handles a
 * lost answer; `settings`: the institution's settings are incomplete; `full`: `trialStepsMax` is reached.
 */
export type TrialProblem =
  | 'over'
  | 'busy'
  | 'lost'
  | 'not_saved'
  | 'no_token'
  | 'no_code'
  | 'no_entry'
  | 'settings'
  | 'full'

/** Checks the form only; ORCID alone knows whether the URI is registered. */
export const isRedirectUri = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
