import type { Link } from '@/lib/campaigns/links'

/** Who is expected at ORCID, for its sign-in and registration forms. */
export type Prefill = { orcid: string } | { givenName: string | null; familyName: string | null; email: string | null }

/** ORCID refuses requests of more than 2,500 characters. */
const charsMax = 400

/** A known iD, or else the name and address on the roster. */
export const prefillOf = ({ orcid, givenName, familyName, email }: Link): Prefill =>
  orcid ? { orcid } : { givenName, familyName, email }

/** Parameters of the authorization request. Empty unless they travel encrypted, or to this machine. */
export function toPrefillParams(prefill: Prefill | null, issuer: string): Record<string, string> {
  const { protocol, hostname } = new URL(issuer)
  const isPrivate = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (!prefill || !isPrivate) return {}
  if ('orcid' in prefill) return { orcid: prefill.orcid }
  const { givenName, familyName, email } = prefill
  const given = Object.entries({ given_names: givenName, family_names: familyName, email })
  const fits = (value: string) => encodeURIComponent(value).length <= charsMax
  return Object.fromEntries(given.flatMap(([name, value]) => (value && fits(value) ? [[name, value]] : [])))
}
