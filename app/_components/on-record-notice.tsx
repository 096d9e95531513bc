import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'

/** That what was written stays on the record, to whoever is about to take away the permission that could remove it. */
export async function OnRecordNotice({ count, about }: { count: number; about: 'erase' | 'withdraw' }) {
  if (count === 0) return null
  const t = await getTranslations('me')
  return (
    <Notice tone="warn">
      {t.rich(`onRecord.${about}`, {
        count,
        link: (words) => (
          <a key="items" href="/me#items">
            {words}
          </a>
        ),
      })}
    </Notice>
  )
}
