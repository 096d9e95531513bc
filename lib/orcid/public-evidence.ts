import { z } from 'zod'
import { emailSchema } from '@/lib/orcid/record-items'
import { listSchema, textSchema } from '@/lib/orcid/record-values'
import { orcidSchema } from '@/lib/orcid/schema'

/** The public verified addresses in `GET /v3.0/{orcid}/email`. Null if it is no such answer about this iD. */
export function parseVerifiedEmails(orcid: string, body: unknown): string[] | null {
  const parsed = z.object({ path: z.literal(`/${orcid}/email`), email: z.unknown() }).safeParse(body)
  if (!parsed.success) return null
  const emails = listSchema(emailSchema).parse(parsed.data.email)
  return emails.flatMap(({ address, verified, visibility }) =>
    verified && visibility === 'public' ? [address.toLowerCase()] : [],
  )
}

const summary = z.object({
  'orcid-identifier': z.object({ path: orcidSchema }),
  'email-domains': z.object({ 'email-domain': z.unknown() }).nullish().catch(null),
})

/**
 * The verified e-mail domains in `GET /v3.0/{orcid}/summary`, which members alone may read. Null if it is no summary of
 * this iD.
 */
export function parseEmailDomains(orcid: string, body: unknown): string[] | null {
  const parsed = summary.safeParse(body)
  if (!parsed.success || parsed.data['orcid-identifier'].path !== orcid) return null
  const domains = listSchema(z.object({ value: textSchema })).parse(parsed.data['email-domains']?.['email-domain'])
  return domains.flatMap(({ value }) => (value ? [value.toLowerCase()] : []))
}
