import 'server-only'
import { env } from '@/lib/config/env'
import { coversScopes, writeScopes } from '@/lib/orcid/scopes'

const standard = () => env().orcid.scopes.filter((scope) => scope !== 'openid')

/** What somebody with these permissions lacks of what is needed: of everything that the institution asks for, by default. */
export const listMissing = (live: readonly string[], needed: readonly string[] = standard()): string[] =>
  needed.filter((scope) => scope !== 'openid' && !coversScopes(live, [scope]))

/** What the institution asks for so that it may write affiliations; empty if it does not ask for that. */
export function listNeededToWrite(): string[] {
  const all = standard().find((scope) => coversScopes([scope], writeScopes))
  return all ? [all] : standard().filter((scope) => writeScopes.some((one) => coversScopes([scope], [one])))
}
