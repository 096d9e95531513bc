import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { getSettingWords } from '@/app/staff/settings/_components/setting-words'
import { env } from '@/lib/config/env'
import type { SettingChange } from '@/lib/settings/queries'
import { findOurWords } from '@/lib/texts/asked'
import { parseTextKey } from '@/lib/texts/part'

/** What was changed, by whom and when, newest first. */
export async function ChangeList({ changes }: { changes: readonly SettingChange[] }) {
  const t = await getTranslations('staff.settings.changes')
  const settings = await getTranslations('staff.settings')
  const toName = await getSettingWords()
  const ours = await findOurWordsOf(changes)
  return (
    <ul className="divide-y divide-line border-line border-y">
      {changes.map(({ id, key, before, after, changedAt, by }) => (
        <li key={id} className="space-y-1 py-3 [overflow-wrap:anywhere]">
          <p>
            <span className="font-medium">{toName(key)}</span>{' '}
            <span className="note">
              <When at={changedAt} /> · <bdi translate="no">{by ?? t('erased')}</bdi>
            </span>
          </p>
          <p translate="no" dir="auto">
            <del className="text-ink-soft">{sayValue(key, before)}</del> →{' '}
            <ins className="no-underline">{sayValue(key, after)}</ins>
          </p>
        </li>
      ))}
    </ul>
  )

  function sayValue(key: string, value: string | null): string {
    if (value !== null) return value || t('off')
    const words = ours(key)
    return words ? settings('ours', { words }) : t('notSet')
  }
}

/** What people read where the institution has set nothing, by the keys of texts. */
async function findOurWordsOf(changes: readonly SettingChange[]): Promise<(key: string) => string | null> {
  const locales = [...new Set(changes.flatMap(({ key }) => parseTextKey(key)?.locale ?? []))]
  const { name } = env().institution
  const each = locales.map(async (locale) => [locale, await findOurWords(locale, name)] as const)
  const byLocale = new Map(await Promise.all(each))
  return (key) => {
    const part = parseTextKey(key)
    return (part && byLocale.get(part.locale)?.(part)) ?? null
  }
}
