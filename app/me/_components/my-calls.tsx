import { getTranslations } from 'next-intl/server'
import { CallList } from '@/app/_components/call-list'
import { Fold } from '@/app/_components/fold'
import { EarlierEntries } from '@/app/me/_components/earlier-entries'
import type { listMyCalls } from '@/lib/calls/queries'

const shownAtOnce = 5

/** What the portal asked of ORCID about the researcher; nothing where it never did. */
export async function MyCalls({ calls }: { calls: Awaited<ReturnType<typeof listMyCalls>> }) {
  if (calls.length === 0) return null
  const t = await getTranslations('me')
  const earlier = calls.slice(shownAtOnce)
  return (
    <Fold id="calls" title={t('calls')}>
      <p className="note">{t('callsHint')}</p>
      <CallList calls={calls.slice(0, shownAtOnce)} view="own" />
      <EarlierEntries count={earlier.length}>
        <CallList calls={earlier} view="own" />
      </EarlierEntries>
    </Fold>
  )
}
