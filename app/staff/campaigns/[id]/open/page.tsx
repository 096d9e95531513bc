import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { field, SelectMenu } from '@/app/staff/_components/fields'
import { getLanguageWords } from '@/app/staff/campaigns/_components/campaign-words'
import { LeftOut } from '@/app/staff/campaigns/_components/left-out'
import { noteOf } from '@/app/staff/campaigns/_components/notes'
import { SampleMails } from '@/app/staff/campaigns/_components/sample-mails'
import { TestResult } from '@/app/staff/campaigns/_components/test-result'
import type { StaffActor } from '@/lib/actor'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { listAddressedLanguages } from '@/lib/campaigns/audience'
import { approvalAbove } from '@/lib/campaigns/campaign'
import { hasTested } from '@/lib/campaigns/commands'
import { invitedHref, parseInvitedFilters, toInvitedParameters } from '@/lib/campaigns/invited'
import { findPlan, type Plan } from '@/lib/campaigns/planning'
import { type Campaign, findCampaign } from '@/lib/campaigns/queries'
import { findMissing } from '@/lib/campaigns/readiness'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findMyAddress } from '@/lib/mail/test-mail'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.campaigns.open'))('title'), robots: { index: false } }
}

/** The dry run: how many get a mail, ten of them, who is left out; then a test mail, and the number typed. */
export default availablePage(async function OpenCampaignPage({ params, searchParams }: Props) {
  const actor = await requireStaff('openCampaigns')
  const campaign = await findCampaign((await params).id)
  if (!campaign) notFound()
  const t = await getTranslations('staff.campaigns')
  const query = await searchParams
  const plan = await findPlan(actor, campaign, {
    step: readOne(query, 'step'),
    correction: readOne(query, 'correction'),
    remind: readOne(query, 'remind') ? parseInvitedFilters(query) : null,
  })
  if (!plan) notFound()
  const note = noteOf(readOne(query, 'note'))
  const missing = plan.kind === 'opening' ? await findMissing(campaign, plan) : []
  const title = {
    opening: 'title',
    step: 'stepTitle',
    correction: 'correctionTitle',
    reminder: 'reminderTitle',
  } as const
  return (
    <div className="max-w-[48rem] space-y-8">
      <div className="space-y-2">
        <p className="no-print text-sm">
          <a href={`/staff/campaigns/${campaign.id}`} translate="no">
            {campaign.name || t('untitled')}
          </a>
        </p>
        <h1>{t(`open.${title[plan.kind]}`, { step: plan.place ?? 0 })}</h1>
        <p className="font-medium">{t(`open.${answerOf(campaign)}`, { count: plan.recipients })}</p>
        {plan.filters ? (
          <p>
            {t('open.shown', { count: plan.shown ?? 0 })}{' '}
            <a href={invitedHref(campaign.id, plan.filters)}>{t('open.toShown')}</a>
          </p>
        ) : null}
        {campaign.audience === null ? null : <p className="note max-w-[65ch]">{t('open.declined')}</p>}
      </div>
      {note ? <Notice tone={note.tone}>{t(`notes.${note.name}`)}</Notice> : null}
      <LeftOut campaign={campaign} leftOut={plan.leftOut} />
      {missing.length > 0 ? (
        <Notice tone="warn">
          {t('open.notReady')} <a href={`/staff/campaigns/${campaign.id}#missing`}>{t('open.toMissing')}</a>
        </Notice>
      ) : (
        <>
          {plan.template ? <SampleMails campaign={campaign} template={plan.template} people={plan.sample} /> : null}
          {plan.template ? (
            <TestMail actor={actor} campaign={campaign} plan={plan} result={readOne(query, 'test')} />
          ) : null}
          <Confirm campaign={campaign} plan={plan} />
        </>
      )}
    </div>
  )
})

function answerOf({ audience, mailMerge }: Campaign) {
  if (audience === null) return 'answerAnybody'
  return mailMerge ? 'answerMerge' : 'answer'
}

type PlanProps = { campaign: Campaign; plan: Plan }

function PlanFields({ campaign, plan }: PlanProps) {
  return (
    <>
      <input type="hidden" name="campaign" value={campaign.id} />
      {plan.kind === 'step' ? <input type="hidden" name="step" value={plan.place ?? ''} /> : null}
      {plan.filters ? <input type="hidden" name="remind" value="yes" /> : null}
      {[...toInvitedParameters(plan.filters ?? {})].map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {plan.correctionId ? <input type="hidden" name="correction" value={plan.correctionId} /> : null}
    </>
  )
}

type TestProps = PlanProps & { actor: StaffActor; result: string | null }

async function TestMail({ actor, campaign, plan, result }: TestProps) {
  const t = await getTranslations('staff.campaigns.open')
  const toLanguage = await getLanguageWords()
  const [address, isTested, languages] = await Promise.all([
    findMyAddress(actor),
    hasTested(actor, campaign, plan.template ?? ''),
    listAddressedLanguages(campaign),
  ])
  return (
    <section aria-labelledby="test" className="no-print space-y-3">
      <h2 id="test">{t('test')}</h2>
      <TestResult result={result} />
      {isTested ? <Notice tone="good">{t('tested')}</Notice> : null}
      <form method="post" action="/staff/campaigns/test-mail" className="space-y-3">
        <PlanFields campaign={campaign} plan={plan} />
        <div className="grid gap-3 sm:grid-cols-2">
          <label className="block min-w-0 space-y-1">
            <span className="note block">{t('address')}</span>
            <input name="address" inputMode="email" required defaultValue={address ?? ''} dir="ltr" className={field} />
          </label>
          <SelectMenu
            name="locale"
            label={t('language')}
            options={languages.map((value) => ({ value, words: toLanguage(value) }))}
            value={languages[0] ?? ''}
          />
        </div>
        <button type="submit" className="btn btn-quiet">
          {t('sendTest')}
        </button>
      </form>
    </section>
  )
}

async function Confirm({ campaign, plan }: PlanProps) {
  const t = await getTranslations('staff.campaigns.open')
  const asksNumber = campaign.audience !== null
  return (
    <section aria-labelledby="confirm" className="no-print space-y-3">
      {asksNumber ? <h2 id="confirm">{t(plan.template ? 'confirm' : 'confirmOnly')}</h2> : null}
      {plan.template ? (
        <p className="max-w-[65ch] text-ink-soft">
          {t('what')} {plan.recipients > approvalAbove ? t('second', { most: approvalAbove }) : null}
        </p>
      ) : null}
      <form method="post" action="/staff/campaigns/opening" className="space-y-3">
        <PlanFields campaign={campaign} plan={plan} />
        {asksNumber ? (
          <label className="block max-w-[16rem] space-y-1">
            <span className="block font-semibold">{t('number')}</span>
            <input name="number" inputMode="numeric" required autoComplete="off" className={field} />
          </label>
        ) : null}
        <button type="submit" className="btn btn-primary">
          {t(plan.kind === 'opening' ? 'button' : 'buttonSend')}
        </button>
      </form>
    </section>
  )
}
