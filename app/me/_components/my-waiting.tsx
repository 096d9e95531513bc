import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import type { ShownAffiliation } from '@/lib/affiliations/queries'
import { listNeededToWrite } from '@/lib/campaigns/missing'
import { listAskable } from '@/lib/texts/asked'

/** Entries that wait for the permission to write them, with the way to allow it beside what is allowed already. */
export async function MyWaiting({ items, liveScopes }: { items: ShownAffiliation[]; liveScopes: readonly string[] }) {
  const count = items.filter(({ state, removal }) => state === 'no_permission' && removal === null).length
  if (count === 0 || (await listScopesToAllow()).length === 0) return null
  const t = await getTranslations('me.items')
  return (
    <Notice>
      <p>{t('waits', { count })}</p>
      <p className="note">{t('allowMeans', { count })}</p>
      <AllowWriting liveScopes={liveScopes} />
    </Notice>
  )
}

/** The way to allow writing, beside what is allowed already; nothing where it is not asked for. */
export async function AllowWriting({ liveScopes }: { liveScopes: readonly string[] }) {
  const [askable, needed] = [await listAskable(), await listScopesToAllow()]
  if (needed.length === 0) return null
  const kept = liveScopes.filter((scope) => askable.includes(scope))
  return (
    <form method="get" action="/connect" className="no-print mt-2">
      {[...new Set([...kept, ...needed])].map((scope) => (
        <input key={scope} type="hidden" name="scope" value={scope} />
      ))}
      <button type="submit" className="btn btn-quiet">
        {(await getTranslations('me.items'))('allow')}
      </button>
    </form>
  )
}

async function listScopesToAllow(): Promise<string[]> {
  const askable = await listAskable()
  return listNeededToWrite().filter((scope) => askable.includes(scope))
}
