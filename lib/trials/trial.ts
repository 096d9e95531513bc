/** A trial may take so long before its code is exchanged, and its token lives no longer after that. */
export const trialLifetimeS = 60 * 60

/** So many requests and callbacks are kept of one trial; after that it has to be started again. */
export const trialStepsMax = 40

/** Sections of a record that can be read one by one, as they stand in the API's paths. */
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

/** What is done with the token. `iD` is read with a token of the client's own, which is nobody's. */
export type TokenUse =
  | { use: 'read'; orcid?: string }
  | { use: 'section'; section: Section }
  | { use: 'add' }
  | { use: 'delete' }

/**
 * Why nothing was sent to ORCID.
 * `over`: the trial has ended; `busy`: the code is being exchanged; `lost`: the answer never came, and recovery sees to
 * it; `no_token`, `no_code`, `no_entry`: there is nothing to send; `settings`: the institution is not described well
 * enough to write; `full`: there are as many steps as are kept.
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

/** Whether ORCID could lead a browser there at all; whether it is registered only ORCID knows. */
export const isRedirectUri = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
