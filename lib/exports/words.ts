import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const byCode = z.record(z.string(), z.string())
const messages = z.object({
  pieces: z.object({ state: byCode }),
  staff: z.object({
    checks: z.object({ findings: byCode }),
    exports: z.object({ permissions: byCode }),
  }),
})

/** Words by code, by column. */
export type FileWords = Record<string, Record<string, string>>

/** The words of states, permissions and findings in a language. */
export function readFileWords(locale: string): FileWords {
  const text = readFileSync(path.join(process.cwd(), 'messages', `${locale}.json`), 'utf8')
  const { pieces, staff } = messages.parse(JSON.parse(text))
  return { state: pieces.state, permission: staff.exports.permissions, finding: staff.checks.findings }
}
