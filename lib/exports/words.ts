import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const byCode = z.record(z.string(), z.string())
const messages = z.object({
  affiliation: z.object({ states: byCode }),
  pieces: z.object({ state: byCode }),
  staff: z.object({
    campaigns: z.object({ people: z.object({ states: byCode }) }),
    checks: z.object({ findings: byCode }),
    exports: z.object({ permissions: byCode }),
  }),
})

/** Words by code, by column. */
export type FileWords = Record<string, Record<string, string>>

const read = (locale: string) =>
  messages.parse(JSON.parse(readFileSync(path.join(process.cwd(), 'messages', `${locale}.json`), 'utf8')))

/** The words of the states of affiliations in a language. */
export const readAffiliationWords = (locale: string): FileWords => ({ state: read(locale).affiliation.states })

/** The words of how far those have come who are asked, in a language. */
export const readInvitedWords = (locale: string): FileWords => ({
  invited_state: read(locale).staff.campaigns.people.states,
})

/** The words of states, permissions and findings in a language. */
export function readFileWords(locale: string): FileWords {
  const { pieces, staff } = read(locale)
  return { state: pieces.state, permission: staff.exports.permissions, finding: staff.checks.findings }
}
