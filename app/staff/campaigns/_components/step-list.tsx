import { getTranslations } from 'next-intl/server'
import { getTemplateWords } from '@/app/staff/campaigns/_components/campaign-words'
import { StepPreview } from '@/app/staff/campaigns/_components/step-preview'
import type { StaffActor } from '@/lib/actor'
import { isStanding, type PlacedStep } from '@/lib/campaigns/campaign'
import type { Campaign, ShownMailing } from '@/lib/campaigns/queries'
import { measureStep } from '@/lib/campaigns/steps'
import { may } from '@/lib/staff/abilities'

type Props = { actor: StaffActor; campaign: Campaign; mailings: readonly ShownMailing[] }

/** The mails of a campaign in order: when, to whom, what each did and will do. */
export async function StepList({ actor, campaign, mailings }: Props) {
  const t = await getTranslations('staff.campaigns.steps')
  const form = await getTranslations('staff.campaigns.form')
  const templates = await getTemplateWords()
  const isOpen = campaign.state === 'open' && campaign.invitedAt !== null
  const due = new Map<number, number>()
  for (const step of isOpen ? campaign.steps : []) due.set(step.place, (await measureStep(campaign, step)).recipients)
  const mayOpen = may(actor, 'openCampaigns')
  const isBusy = mailings.some(({ state }) => ['to_be_approved', 'first', 'to_be_looked_at', 'sending'].includes(state))
  return (
    <section aria-labelledby="steps" className="space-y-3">
      <h2 id="steps">{t('title')}</h2>
      <ol className="card card-list">
        {campaign.steps.map((step) => {
          const mine = mailings.filter((mailing) => mailing.step === step.place)
          const sent = mine.filter(({ state }) => state !== 'taken_back').reduce((sum, each) => sum + each.sent, 0)
          const isBlocked = mine[0]?.state === 'stopped' || mine[0]?.state === 'taken_back'
          const name = `${step.place}. ${templates.get(step.template) ?? step.template}`
          const href = `/staff/campaigns/${campaign.id}/open?step=${step.place}`
          return (
            <li key={step.place} className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)]">
              <div className="min-w-0">
                <p className="font-medium">{name}</p>
                <p className="note">
                  <StepTime step={step} />
                  {isStanding(campaign) ? '' : ` · ${form(`audiences.${step.audience}`)}`}
                  {step.times > 1 ? ` · ${t('times', { times: step.times })}` : ''}
                </p>
              </div>
              <div className="text-sm">
                <p>{t('sent', { count: sent })}</p>
                {isOpen ? <p className="text-ink-soft">{t('due', { count: due.get(step.place) ?? 0 })}</p> : null}
                {isOpen && isBlocked ? <p className="text-warn">{t('blocked')}</p> : null}
                {isOpen && mayOpen && (due.get(step.place) ?? 0) > 0 && !isBusy ? (
                  <a href={href} className="no-print inline-flex min-h-6 items-center">
                    {t(isBlocked ? 'again' : 'look')}
                  </a>
                ) : null}
              </div>
              <StepPreview campaign={campaign} template={step.template} name={name} />
            </li>
          )
        })}
      </ol>
    </section>
  )
}

async function StepTime({ step: { place, afterDays } }: { step: PlacedStep }) {
  const t = await getTranslations('staff.campaigns.steps')
  if (place > 1) return t('after', { days: afterDays })
  return afterDays === 0 ? t('first') : t('firstLater', { days: afterDays })
}
