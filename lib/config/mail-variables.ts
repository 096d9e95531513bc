import { z } from 'zod'
import { type EmailFault, isAtDomain, readEmailAddress } from '@/lib/config/email-address'

const faults: Record<EmailFault, string> = {
  line_break: 'has a line break or another control character',
  too_long: 'is longer than an address may be',
  non_ascii: 'has letters outside ASCII: write the domain in its ASCII form, xn--…',
  malformed: 'is not an e-mail address',
}

const address = z.string().transform((text, context) => {
  const read = readEmailAddress(text)
  if ('address' in read) return read.address
  context.addIssue(faults[read.fault])
  return z.NEVER
})

export type Sender = { name: string | null; address: string }

/** `Library <orcid@example.org>`, the name in quotes or not, or the address alone. */
const sender = z.string().transform((text, context): Sender => {
  const [, quoted, plain, inBrackets] = /^\s*(?:"([^"]*)"|([^"<>]*?))\s*<([^<>]*)>\s*$/s.exec(text) ?? []
  const read = readEmailAddress(inBrackets ?? text)
  const name = (quoted ?? plain ?? '').trim()
  if ('fault' in read) context.addIssue(faults[read.fault])
  else if (/\p{Cc}/u.test(name)) context.addIssue(faults.line_break)
  else if (name.length > 100) context.addIssue('has a name of more than 100 characters')
  else return { name: name || null, address: read.address }
  return z.NEVER
})

/** Where bounces come back: there is room for `+` and the id of a mail before the `@`. */
const bounceAddress = address.superRefine((text, context) => {
  if (text.indexOf('@') > 64 - 37) context.addIssue('has more than 27 characters before the @')
  else if (text.split('@')[0]?.includes('+')) context.addIssue('has a + before the @, which we add')
})

const isLoopback = (host: string) => ['localhost', '127.0.0.1', '[::1]'].includes(host)

/** The address of a mail server, with user and password; the fault repeats nothing of it. */
const serverUrl = (plain: string, secure: string) =>
  z.string().superRefine((text, context) => {
    if (!new RegExp(`^(${plain}|${secure})://`).test(text))
      return context.addIssue(`does not begin with ${plain}:// or ${secure}://`)
    if (!URL.canParse(text))
      return context.addIssue('is not an address: write signs of the password such as / @ : as %2F %40 %3A')
    const url = new URL(text)
    if (!url.hostname) return context.addIssue('has no host')
    if ((url.pathname !== '' && url.pathname !== '/') || url.search || url.hash)
      return context.addIssue('has a path, a query or a fragment: write / ? # in a password as %2F %3F %23')
    if (Boolean(url.username) !== Boolean(url.password))
      return context.addIssue('needs a user and a password, or neither')
    if (!canDecode(url.username) || !canDecode(url.password))
      return context.addIssue('has a % that is not written as %25')
    if (plain === 'imap' && url.protocol === 'imap:' && !isLoopback(url.hostname))
      context.addIssue('begins with imap://, which is for a loopback address')
  })

function canDecode(text: string): boolean {
  try {
    return decodeURIComponent(text) !== null
  } catch {
    return false
  }
}

const entries = (text: string) => text.split(/[\s,]+/).filter(Boolean)

/** Addresses, and whole domains as `@example.org`; in lower case. */
const allowed = z
  .string()
  .default('')
  .transform((text, context) => {
    for (const entry of entries(text)) {
      const read = readEmailAddress(entry.startsWith('@') ? `anybody${entry}` : entry)
      if ('fault' in read)
        context.addIssue(`has an entry that is neither an address nor @ and a domain: ${entry.slice(0, 60)}`)
    }
    return [...new Set(entries(text.toLowerCase()))]
  })

const wholeNumber = z.coerce.number({ error: 'is not a number' }).int('is not a whole number')

/** Null tells one that is missing from one that cannot be read. */
const orNull = <Schema extends z.ZodType>(schema: Schema) => schema.optional().transform((value) => value ?? null)

/** What mail needs; without `SMTP_URL` none is sent. Domains and secrets are read as those of other variables. */
export const mailVariables = <Domains extends z.ZodType, Secret extends z.ZodType>(
  domains: Domains,
  secret: Secret,
) => ({
  SMTP_URL: serverUrl('smtp', 'smtps').optional(),
  MAIL_FROM: orNull(sender),
  MAIL_REPLY_TO: address.optional(),
  MAIL_DOMAINS: domains,
  MAIL_ALLOWED: allowed,
  MAIL_PER_DAY: wholeNumber.min(1, 'is less than 1').max(1_000_000, 'is more than 1000000').default(2_000),
  MAIL_BOUNCE_ADDRESS: orNull(bounceAddress),
  MAIL_BOUNCE_URL: serverUrl('imap', 'imaps').optional(),
  MAIL_WEBHOOK_SECRET: secret,
  INVITATION_DAYS: wholeNumber.min(1, 'is less than a day').max(180, 'is more than 180 days').default(30),
})

type MailValues = {
  SMTP_URL?: string | undefined
  MAIL_FROM: Sender | null
  MAIL_REPLY_TO?: string | undefined
  MAIL_DOMAINS: string[]
  MAIL_ALLOWED: string[]
  MAIL_PER_DAY: number
  MAIL_BOUNCE_ADDRESS: string | null
  MAIL_BOUNCE_URL?: string | undefined
  MAIL_WEBHOOK_SECRET?: string | undefined
  INSTITUTION_EMAIL_DOMAINS: string[]
  SUPPORT_EMAIL: string
}

/** Null: nothing is sent. */
export function toMailSettings(v: MailValues) {
  if (!v.SMTP_URL || !v.MAIL_FROM) return null
  return {
    /** With its password: never into a log. */
    smtp: { url: v.SMTP_URL },
    from: v.MAIL_FROM,
    /** A person reads it. */
    replyTo: v.MAIL_REPLY_TO ?? v.SUPPORT_EMAIL,
    /** Nobody elsewhere gets mail. In lower case, each with all below it. */
    domains: mailDomains(v),
    /** Who gets mail where the registry is not the real one: addresses, or `@` and a domain. */
    allowed: v.MAIL_ALLOWED,
    perDay: v.MAIL_PER_DAY,
    /** Each mail gets its own address of this base, `bounces+<id>@…`, so that a bounce says which one it is of. */
    bounce: v.MAIL_BOUNCE_ADDRESS ? { address: v.MAIL_BOUNCE_ADDRESS, imapUrl: v.MAIL_BOUNCE_URL ?? null } : null,
    webhookSecret: v.MAIL_WEBHOOK_SECRET ?? null,
  }
}

export type MailSettings = NonNullable<ReturnType<typeof toMailSettings>>

type Given = { MAIL_DOMAINS?: string[] | undefined; INSTITUTION_EMAIL_DOMAINS?: string[] | undefined }

const mailDomains = ({ MAIL_DOMAINS: own = [], INSTITUTION_EMAIL_DOMAINS: all = [] }: Given): string[] =>
  own.length > 0 ? own : all

/** Faults of several mail variables together, as variable, fault and what to do. */
export function findMailConflicts(
  values: Partial<MailValues>,
): [variable: keyof MailValues, fault: string, mend: string][] {
  const { SMTP_URL: smtp, MAIL_FROM: from, MAIL_BOUNCE_URL: imap, MAIL_BOUNCE_ADDRESS: bounce } = values
  const { MAIL_DOMAINS: own, INSTITUTION_EMAIL_DOMAINS: all } = values
  const found: ReturnType<typeof findMailConflicts> = []
  if (imap && bounce === null)
    found.push(['MAIL_BOUNCE_ADDRESS', 'is missing, and MAIL_BOUNCE_URL is given', bounceMend])
  if (!smtp) return found
  if (from === null) found.push(['MAIL_FROM', 'is missing, and SMTP_URL is given', fromMend])
  // One that cannot be read has a fault of its own.
  if (!own || !all) return found
  if (own.length + all.length === 0)
    found.push(['MAIL_DOMAINS', 'is missing, as INSTITUTION_EMAIL_DOMAINS is: nobody would get mail', domainsMend])
  else if (from && !isAtDomain(from.address, [...own, ...all])) {
    const fault = 'is not at a domain of the institution, in INSTITUTION_EMAIL_DOMAINS or MAIL_DOMAINS'
    found.push(['MAIL_FROM', fault, 'write an address of your own domain, or add its domain there'])
  }
  return found
}

const fromMend = 'write the sender, such as "Library <orcid@example.edu>"'
const bounceMend = 'write the address of that mailbox, such as bounces@example.edu'
const domainsMend = 'write the domains of the people who get mail, such as example.edu'

export const mailMends = {
  SMTP_URL: 'write it as smtp://user:password@mail.example.edu:587 or smtps://…:465, or leave it empty to send no mail',
  MAIL_FROM: fromMend,
  MAIL_REPLY_TO: 'write an address that a person reads, or leave it empty, which means SUPPORT_EMAIL',
  MAIL_DOMAINS:
    'write domains such as example.edu, separated by commas, or leave it empty, which means INSTITUTION_EMAIL_DOMAINS',
  MAIL_ALLOWED: 'write addresses, or @ and a domain, separated by commas, or leave it empty',
  MAIL_PER_DAY: 'write a whole number from 1 to 1000000',
  MAIL_BOUNCE_ADDRESS: bounceMend,
  MAIL_BOUNCE_URL: 'write it as imaps://user:password@mail.example.edu, or leave it empty',
  MAIL_WEBHOOK_SECRET: 'make one with openssl rand -base64 32, or leave it empty',
  INVITATION_DAYS: 'write a whole number from 1 to 180',
}
