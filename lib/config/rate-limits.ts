import { z } from 'zod'

/** What one person and one address may do in a window. An address may be a campus of thousands. */
const defaults = {
  sign_in: { perPerson: 60, perAddress: 2_000, windowS: 60 },
  start: { perPerson: 60, perAddress: 2_000, windowS: 60 },
  callback: { perPerson: 120, perAddress: 4_000, windowS: 60 },
  write: { perPerson: 120, perAddress: 2_000, windowS: 60 },
  note: { perPerson: 120, perAddress: 1_200, windowS: 600 },
  /** Of personal links: a new one, “this is not me”. */
  link: { perPerson: 20, perAddress: 300, windowS: 600 },
  invite: { perPerson: 60, perAddress: 120, windowS: 600 },
  test_mail: { perPerson: 20, perAddress: 200, windowS: 3_600 },
  /** Of programs whose key is refused. The others have the limit of their system. */
  api: { perPerson: 60, perAddress: 600, windowS: 60 },
  orcid: { perPerson: 120, perAddress: 1_200, windowS: 600 },
  record: { perPerson: 60, perAddress: 600, windowS: 600 },
  upload: { perPerson: 60, perAddress: 600, windowS: 600 },
  export: { perPerson: 60, perAddress: 2_000, windowS: 600 },
} as const

export type RateLimitedAction = keyof typeof defaults
export type RateLimits = Record<RateLimitedAction, { perPerson: number; perAddress: number; windowS: number }>

const isKnown = (name: string | undefined): name is RateLimitedAction => Object.hasOwn(defaults, name ?? '')

/** `start=60/2000 export=20/200`: per person and per address, in the window of that action. */
export const rateLimitsVariable = z
  .string()
  .default('')
  .transform((text, context): RateLimits => {
    const limits: RateLimits = { ...defaults }
    for (const entry of text.split(/[\s,]+/).filter(Boolean)) {
      const [, name, perPerson, perAddress] = /^(\w+)=(\d{1,7})\/(\d{1,7})$/.exec(entry) ?? []
      if (!isKnown(name) || !Number(perPerson) || !Number(perAddress))
        context.addIssue(`has an entry that is not such as start=60/2000: ${entry.slice(0, 40)}`)
      else limits[name] = { ...limits[name], perPerson: Number(perPerson), perAddress: Number(perAddress) }
    }
    return limits
  })
