import type { Fault } from '@/lib/config/fault'
import { findNearest } from '@/lib/config/nearest'

// What a process or a command reads beside the variables of the portal, or what others read.
const otherNames = [
  'PORT',
  'HOSTNAME',
  'MIGRATE_DATABASE_URL',
  'MIGRATE_DATABASE_URL_FILE',
  'DATABASE_PASSWORD',
  'MIGRATE_DATABASE_PASSWORD',
  'TEST_DATABASE_URL',
  'HTTP_PROXY',
  'ALL_PROXY',
  'NEXTAUTH_URL_INTERNAL',
]
const ownPrefix = /^(ORCID|INSTITUTION)_/

/** Names that nobody reads and that look like one of ours. */
export function findNameDoubts(given: Iterable<string>, variables: readonly string[]): Fault[] {
  const known = new Set([...variables, ...variables.map((name) => `${name}_FILE`), ...otherNames])
  return [...new Set(given)].flatMap((variable) => {
    if (known.has(variable) || variable.length < 6) return []
    const nearest = findNearest(variable, known, variable.length < 10 ? 1 : 2)
    if (!nearest && !ownPrefix.test(variable)) return []
    const mend = nearest ? `did you mean ${nearest}?` : 'take it away, or see .env.example for the names'
    return [{ variable, fault: 'is not a variable that is read', mend }]
  })
}

const assignment = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[ \t]*(.*)$/

/** Names that a file for `process.loadEnvFile` sets. */
export const listNames = (text: string): string[] => readLines(text).map(({ name }) => name)

/** Values that Node.js drops or cuts, because an unquoted # begins a comment, and names that stand twice. */
export function findFileDoubts(text: string): Fault[] {
  const seen = new Set<string>()
  return readLines(text).flatMap(({ name: variable, value }) => {
    const faults: Fault[] = []
    if (seen.has(variable)) {
      faults.push({ variable, fault: 'stands twice in .env', mend: 'take one away; the last one counts' })
    }
    seen.add(variable)
    const hash = value.indexOf('#')
    if (hash === 0) {
      faults.push({
        variable,
        fault: 'is empty in .env, because its value begins with #, which begins a comment',
        mend: 'put the value in quotes',
      })
    } else if (hash > 0) {
      const mend = 'put the value in quotes, or the comment on a line of its own'
      faults.push({ variable, fault: 'is cut in .env at a #, which begins a comment', mend })
    }
    return faults
  })
}

/** The assignments of a file. A quoted value, which may have several lines, is given as empty: nothing is cut there. */
function readLines(text: string): { name: string; value: string }[] {
  const found: { name: string; value: string }[] = []
  const lines = text.split(/\r?\n/)
  for (let index = 0; index < lines.length; index++) {
    const [, name, value = ''] = assignment.exec(lines[index] ?? '') ?? []
    if (!name) continue
    const [quote] = /^["'`]/.exec(value) ?? []
    if (!quote) {
      found.push({ name, value })
      continue
    }
    found.push({ name, value: '' })
    if (value.includes(quote, 1)) continue
    const end = lines.findIndex((line, later) => later > index && line.includes(quote))
    if (end > index) index = end
  }
  return found
}
