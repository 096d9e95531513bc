import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { CodeStep } from '@/app/staff/try/_components/code-step'
import { EndStep } from '@/app/staff/try/_components/end-step'
import { ExchangeStep } from '@/app/staff/try/_components/exchange-step'
import { ScopeForm } from '@/app/staff/try/_components/scope-form'
import { TwoLegged } from '@/app/staff/try/_components/two-legged'
import { UrlStep } from '@/app/staff/try/_components/url-step'
import { UseStep } from '@/app/staff/try/_components/use-step'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readOne, type SearchParams } from '@/lib/list/search'
import { isTrialAllowed } from '@/lib/trials/commands'
import { findOpenTrial, findTrial } from '@/lib/trials/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('try'))('title'), robots: { index: false } }
}

/** The OAuth flow by hand, with the portal's own credentials: each request and each answer as it was. */
export default availablePage(async function TryPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('tryTheFlow')
  const t = await getTranslations('try')
  if (!isTrialAllowed()) return <NotHere />
  const params = await searchParams
  const id = readOne(params, 'trial')
  const trial = id ? await findTrial(actor, id) : null
  const problem = readOne(params, 'problem')
  return (
    <div className="space-y-8">
      <div className="space-y-2">
        <h1>{t('title')}</h1>
        <p className="max-w-[65ch]">{t('lead')}</p>
        <p className="max-w-[65ch] text-ink-soft">{t('unrecorded')}</p>
      </div>
      {id && !trial ? <Notice tone="warn">{t('unknown')}</Notice> : null}
      {trial?.isOver ? <Notice>{t('over')}</Notice> : null}
      {trial ? null : <GoOn open={await findOpenTrial(actor)} />}
      {trial?.isTwoLegged ? null : trial?.url ? <UrlStep trial={trial} url={trial.url} /> : null}
      {trial ? null : <ScopeForm params={params} />}
      {trial?.isTwoLegged ? null : <CodeStep trial={trial} />}
      <ExchangeStep trial={trial} problem={problem} from={readOne(params, 'from')} />
      <UseStep trial={trial} problem={problem} />
      {trial ? <EndStep trial={trial} /> : <TwoLegged />}
    </div>
  )
})

async function GoOn({ open }: { open: { id: string } | null }) {
  const t = await getTranslations('try')
  if (!open) return null
  return (
    <Notice>
      {t('open')} <a href={`/staff/try?trial=${open.id}`}>{t('goOn')}</a>
    </Notice>
  )
}

async function NotHere() {
  const t = await getTranslations('try')
  return (
    <div className="max-w-[65ch] space-y-3">
      <h1>{t('title')}</h1>
      <p>{t('production.why')}</p>
      <p>{t('production.instead')}</p>
    </div>
  )
}
