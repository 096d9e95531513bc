import { existsSync, statSync } from 'node:fs'
import { dirname, isAbsolute } from 'node:path'
import { z } from 'zod'
import { readableAccents } from '@/lib/config/accent'
import { isCountry } from '@/lib/config/country'
import { parseDatabaseUrl } from '@/lib/config/database-url'
import { listTranslations } from '@/lib/config/languages'
import { readLogo } from '@/lib/config/logo'
import { mailVariables } from '@/lib/config/mail-variables'
import { rateLimitsVariable } from '@/lib/config/rate-limits'
import { parseRor } from '@/lib/config/ror'
import { isTrivialSecret } from '@/lib/config/trivial-secret'
import type { SealingKey } from '@/lib/crypto/sealed'
import { parseOrcid } from '@/lib/orcid/id'

const list = (text: string) => text.split(/[\s,]+/).filter(Boolean)

/** Values from examples and tutorials, refused as secrets. */
const placeholder = /change.?me|replace|example|your[-_ ]|placeholder|^(secret|password|test)/i

const required = z.string({ error: 'is missing' }).min(1, 'is empty')

const secret = required.superRefine((text, context) => {
  if (placeholder.test(text)) context.addIssue('is a placeholder')
  else if (isTrivialSecret(text)) context.addIssue('repeats itself or counts, so that it can be guessed')
})

const webAddress = z.url({ protocol: /^https?$/, error: 'is not a web address' })
const link = z.union([webAddress, z.literal('').transform(() => undefined)]).optional()

const bearerSecret = secret.min(32, 'is shorter than 32 characters').optional()

const sealingKeys = secret.transform((text, context): SealingKey[] => {
  const keys = list(text).map((entry) => {
    const [id, encoded, ...rest] = entry.split(':')
    const key = Buffer.from(encoded ?? '', 'base64')
    const wellFormed = id && /^[a-z0-9-]{1,32}$/i.test(id) && rest.length === 0 && key.length === 32
    return wellFormed && !isTrivialSecret(key) ? { id, key } : null
  })
  const good = keys.filter((key) => key !== null)
  if (good.length < keys.length || good.length === 0) {
    context.addIssue('has an entry that is not id:base64 of 32 random bytes')
  }
  const ids = new Set(good.map(({ id }) => id)).size
  if (ids < good.length) context.addIssue('has an id twice')
  else if (new Set(good.map(({ key }) => key.toString('hex'))).size < ids) context.addIssue('has one key under two ids')
  return good
})

/** An entry as faults name it. What was typed at the wrong place may be an address with a password. */
const quoted = (entry: string) => (entry.includes('://') ? 'an address' : entry.slice(0, 40))

const staffAdmins = z
  .string()
  .default('')
  .transform((text, context) =>
    list(text).flatMap((entry) => {
      const orcid = parseOrcid(entry)
      if (!orcid) context.addIssue(`has an entry that is not an ORCID iD: ${quoted(entry)}`)
      return orcid ? [orcid] : []
    }),
  )

const retiredClients = z
  .string()
  .default('')
  .transform((text, context) =>
    list(text).flatMap((entry) => {
      const [clientId, clientSecret, ...rest] = entry.split(':')
      const wellFormed = clientId && clientSecret && rest.length === 0
      if (!wellFormed) context.addIssue('has an entry that is not client id:client secret')
      return wellFormed ? [{ clientId, clientSecret }] : []
    }),
  )

const networks = z
  .string()
  .default('')
  .transform((text, context) => {
    for (const entry of list(text))
      if (!z.union([z.cidrv4(), z.cidrv6()]).safeParse(entry).success)
        context.addIssue(`has an entry that is not a network such as 10.1.2.0/24: ${quoted(entry)}`)
    return list(text)
  })

const ror = z
  .string()
  .optional()
  .transform((text, context) => {
    const id = text === undefined ? null : parseRor(text)
    if (text !== undefined && !id) context.addIssue('is not a ROR id: https://ror.org/ and nine characters')
    return id ?? undefined
  })

/** A name, because notations disagree about the sign of offsets. */
const timeZone = z.string().default('UTC').refine(isTimeZone, 'is not the name of a time zone, such as Europe/Madrid')

function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

const shortName = z.string().trim().min(1, 'is empty').max(40, 'is longer than 40 characters').optional()

const placeName = z.string().trim().max(200, 'is longer than 200 characters').optional()

const accent = z
  .string()
  .default('#1d4f91')
  .transform((text, context) => {
    const accents = readableAccents(text)
    if (!accents) context.addIssue('is not a colour of the form #rrggbb')
    return accents ?? { light: text, dark: text }
  })

const logo = z
  .string()
  .optional()
  .transform((file, context) => {
    const read = file ? readLogo(file) : undefined
    if (typeof read !== 'string') return read
    context.addIssue(read)
  })

const languages = z
  .string()
  .default('')
  .transform((text, context) => {
    const translations = listTranslations()
    const wanted = list(text)
    for (const locale of wanted)
      if (!translations.includes(locale)) context.addIssue(`has a language that is not there: ${quoted(locale)}`)
    return wanted.length > 0 ? [...new Set(wanted)] : translations
  })

const textsDir = z
  .string()
  .optional()
  .refine((dir) => !dir || (existsSync(dir) && statSync(dir).isDirectory()), 'is not a folder')

export const leaverSteps = ['end-date', 'pause', 'revoke'] as const
export type LeaverStep = (typeof leaverSteps)[number]

/** `none`, because an empty variable means the default. */
const leavers = z
  .string()
  .default(leaverSteps.join(','))
  .transform((text, context): LeaverStep[] => {
    const wanted = list(text)
    const unknown = wanted.find((word) => word !== 'none' && !leaverSteps.some((step) => step === word))
    if (unknown) context.addIssue(`has a word that is no step: ${quoted(unknown)}`)
    else if (wanted.includes('none') && wanted.length > 1) context.addIssue('says none besides a step')
    return leaverSteps.filter((step) => wanted.includes(step))
  })

const ledgerFile = z
  .string()
  .optional()
  .refine((file) => !file || isAbsolute(file), 'is not an absolute path')
  .refine((file) => !file || existsSync(dirname(file)), 'is in a folder that is not there')

const exportFolder = z
  .string()
  .optional()
  .refine((folder) => !folder || isAbsolute(folder), 'is not an absolute path')
  .refine((folder) => !folder || existsSync(folder), 'is a folder that is not there')

const emailDomains = z
  .string()
  .default('')
  .transform((text, context) => {
    const domains = list(text).map((domain) => domain.toLowerCase())
    for (const domain of domains)
      if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/.test(domain))
        context.addIssue(`has an entry that is not a domain: ${quoted(domain)}`)
    return [...new Set(domains)]
  })

function refuseFaultyAddress(text: string, context: z.RefinementCtx): void {
  const address = parseDatabaseUrl(text)
  if ('fault' in address) context.addIssue(address.fault)
}

const sessionSecret = secret.min(32, 'is shorter than 32 characters')

export const variables = z.object({
  DATABASE_URL: required.superRefine(refuseFaultyAddress),
  WORKER_DATABASE_URL: z.string().superRefine(refuseFaultyAddress).optional(),
  NEXTAUTH_URL: required.pipe(webAddress),
  NEXTAUTH_SECRET: sessionSecret,
  NEXTAUTH_SECRET_PREVIOUS: sessionSecret.optional(),
  ORCID_REGISTRY: z.enum(['production', 'sandbox', 'local'], {
    error: ({ input }) => (input ? 'is not a registry' : 'is missing'),
  }),
  ORCID_ISSUER: webAddress.optional(),
  ORCID_API_URL: webAddress.regex(/\/v3\.0$/, 'does not end in /v3.0').optional(),
  ORCID_CLIENT_ID: required,
  ORCID_CLIENT_SECRET: secret,
  ORCID_RETIRED_CLIENTS: retiredClients,
  ORCID_API: z.enum(['member', 'public'], { error: 'is neither member nor public' }).default('member'),
  ORCID_SCOPES: z.string().optional(),
  HTTPS_PROXY: webAddress.optional(),
  NO_PROXY: z.string().default(''),
  WEBHOOK_ALLOWED_NETWORKS: networks,
  TOKEN_KEYS: sealingKeys,
  STAFF_ADMINS: staffAdmins,
  REQUIRE_STAFF_MFA: z.enum(['yes', 'no'], { error: 'is neither yes nor no' }).default('no'),
  CHECK_EVERY_DAYS: z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(1, 'is less than a day')
    .max(90, 'is more than 90 days')
    .default(7),
  CONFIRM_WITHDRAWAL_HOURS: z.coerce
    .number({ error: 'is not a number' })
    .positive('is not more than 0')
    .max(720, 'is more than 30 days')
    .default(24),
  RECORD_CACHE_MINUTES: z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(1, 'is less than a minute')
    .max(1_440, 'is more than a day')
    .default(1),
  LEAVERS: leavers,
  LEAVERS_PAUSE_DAYS: z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(1, 'is less than a day')
    .max(1_095, 'is more than three years')
    .default(180),
  LEAVERS_KEEP_MONTHS: z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(1, 'is less than a month')
    .max(120, 'is more than ten years')
    .default(12),
  COMPARE_DEPARTMENTS: z.enum(['yes', 'no'], { error: 'is neither yes nor no' }).default('yes'),
  MAIS_API: z.enum(['yes', 'no'], { error: 'is neither yes nor no' }).default('no'),
  WORKER: z.enum(['inline', 'none'], { error: 'is neither inline nor none' }).default('inline'),
  TRUSTED_PROXIES: z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(0, 'is less than 0')
    .max(10, 'is more than 10')
    .default(0),
  DRAIN_SECONDS: z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(0, 'is less than 0')
    .max(300, 'is more than 300')
    .default(5),
  RATE_LIMITS: rateLimitsVariable,
  INSTITUTION_NAME: z.string().trim().min(1, 'is empty').max(200, 'is longer than 200 characters').optional(),
  INSTITUTION_SHORT_NAME: shortName,
  INSTITUTION_URL: link,
  INSTITUTION_ACCENT: accent,
  INSTITUTION_LOGO: logo,
  INSTITUTION_LOGO_DARK: logo,
  INSTITUTION_LANGUAGES: languages,
  INSTITUTION_TIME_ZONE: timeZone,
  INSTITUTION_ROR: ror,
  INSTITUTION_CITY: placeName,
  INSTITUTION_REGION: placeName,
  INSTITUTION_COUNTRY: z.string().refine(isCountry, 'is not a country of ISO 3166-1 in two capital letters').optional(),
  INSTITUTION_EMAIL_DOMAINS: emailDomains,
  SUPPORT_EMAIL: z.email('is not an e-mail address').optional(),
  ...mailVariables(emailDomains, bearerSecret),
  PRIVACY_URL: link,
  ACCESSIBILITY_URL: link,
  TEXTS_DIR: textsDir,
  LEDGER_FILE: ledgerFile,
  EXPORT_FOLDER: exportFolder,
  METRICS_TOKEN: bearerSecret,
  CRON_SECRET: bearerSecret,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'silent'], { error: 'is not a log level' }).default('info'),
})

export type Variables = z.infer<typeof variables>
