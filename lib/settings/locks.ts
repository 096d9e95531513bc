import 'server-only'
import { findSetBy } from '@/lib/config/settings'
import { isVariable } from '@/lib/settings/setting'
import { parseTextKey } from '@/lib/texts/part'
import { getTextsOfFile } from '@/lib/texts/queries'

/** What sets it outside of the settings page and so wins: a variable, or a file of `TEXTS_DIR`. Null: nothing. */
export type Lock = { variable: string } | { file: string } | null

export function findLock(key: string): Lock {
  if (isVariable(key)) {
    const variable = findSetBy(key)
    return variable ? { variable } : null
  }
  const part = parseTextKey(key)
  if (!part) return null
  const texts = getTextsOfFile(part.locale)
  const said = 'scope' in part ? texts.reasons?.[part.scope] : texts[part.sentence]
  return said === undefined ? null : { file: `${part.locale}.json` }
}
