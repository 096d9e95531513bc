import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { getSettingWords } from '@/app/staff/settings/_components/setting-words'
import type { SettingChange } from '@/lib/settings/queries'

/** What was changed, by whom and when, newest first. */
export async function ChangeList({ changes }: { changes: readonly SettingChange[] }) {
  const t = await getTranslations('staff.settings.changes')
  const toName = await getSettingWords()
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
            <del className="text-ink-soft">{sayValue(before)}</del> →{' '}
            <ins className="no-underline">{sayValue(after)}</ins>
          </p>
        </li>
      ))}
    </ul>
  )

  function sayValue(value: string | null): string {
    return value === null ? t('notSet') : value || t('off')
  }
}
