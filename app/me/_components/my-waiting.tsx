import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import type { ShownAffiliation } from '@/lib/affiliations/queries'
import { listNeededToWrite } from '@/lib/campaigns/missing'
import { listAskable } from '@/lib/texts/asked'

/** Entries that wait for the permission to write them, with the way to allow it beside what is allowed already. */
export async function MyWaiting({ items, liveScopes }: { items: ShownAffiliation[]; liveScopes: readonly string[] }) {
  const count = items.filter(({ state, removal }) => state === 'no_permission' && removal === null).length
  const askable = await listAskable()
  const needed = listNeededToWrite().filter((scope) => askable.includes(scope))
  if (count === 0 || needed.length === 0) return null
  const t = await getTranslations('me.items')
  const kept = liveScopes.filter((scope) => askable.includes(scope))
  return (
    <Notice>
      <p>{t('waits', { count })}</p>
      <p className="note">{t('allowMeans', { count })}</p>
      <div className="no-print mt-2">
        <form method="get" action="/connect">
          {[...new Set([...kept, ...needed])].map((scope) => (
            <input key={scope} type="hidden" name="scope" value={scope} />
          ))}
          <button type="submit" className="btn btn-quiet">
            {t('allow')}
          </button>
        </form>
      </div>
    </Notice>
  )
}
