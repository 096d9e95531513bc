import { z } from 'zod'
import { emailSchema } from '@/lib/orcid/record-items'
import { listSchema, textSchema } from '@/lib/orcid/record-values'

/** The verified addresses in `GET /v3.0/{orcid}/email`: public ones only, with a public token. Null if it is no such answer. */
export function parseVerifiedEmails(body: unknown): string[] | null {
  const parsed = z.object({ email: z.unknown() }).safeParse(body)
  if (!parsed.success) return null
  const emails = listSchema(emailSchema).parse(parsed.data.email)
  return emails.flatMap(({ address, verified }) => (verified ? [address.toLowerCase()] : []))
}

const summary = z.object({
  'orcid-identifier': z.unknown(),
  'email-domains': z.object({ 'email-domain': z.unknown() }).nullish().catch(null),
})

/** The verified e-mail domains in `GET /v3.0/{orcid}/summary`, which members alone may read. Null if it is no summary. */
export function parseEmailDomains(body: unknown): string[] | null {
  const parsed = summary.safeParse(body)
  if (!parsed.success) return null
  const domains = listSchema(z.object({ value: textSchema })).parse(parsed.data['email-domains']?.['email-domain'])
  return domains.flatMap(({ value }) => (value ? [value.toLowerCase()] : []))
}
