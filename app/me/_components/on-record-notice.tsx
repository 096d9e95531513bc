import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import type { ResearcherActor } from '@/lib/actor'
import { countMyItemsOnRecord } from '@/lib/affiliations/queries'

/** That what was written stays on the record, to whoever is about to take away the permission that could remove it. */
export async function OnRecordNotice({ actor, about }: { actor: ResearcherActor; about: 'erase' | 'withdraw' }) {
  const count = await countMyItemsOnRecord(actor)
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
