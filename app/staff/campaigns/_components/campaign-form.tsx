import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { SelectMenu } from '@/app/staff/_components/fields'
import { FieldMissing } from '@/app/staff/_components/form-field'
import { getLanguageWords, getMailTextWords, getScopeWords } from '@/app/staff/campaigns/_components/campaign-words'
import { CheckField, FaultSummary, TextField } from '@/app/staff/campaigns/_components/form-fields'
import { getMissingWords } from '@/app/staff/campaigns/_components/missing-words'
import { StepFields } from '@/app/staff/campaigns/_components/step-fields'
import { WhoFields } from '@/app/staff/campaigns/_components/who-fields'
import { type CampaignKind, stepsMax } from '@/lib/campaigns/campaign'
import { listAskableScopes, type Missing } from '@/lib/campaigns/readiness'
import {
  type CampaignFault,
  reasonField,
  scopeField,
  stepField,
  type TypedCampaign,
  whyField,
} from '@/lib/campaigns/schema'
import { env } from '@/lib/config/env'
import { isBegunFrom } from '@/lib/mail/mail-text'
import type { SavedView } from '@/lib/people/saved-views'

type Props = {
  id: string
  typed: TypedCampaign
  faults: readonly CampaignFault[]
  missing: readonly Missing[]
  views: readonly SavedView[]
  /** The languages in which the people of the saved draft are written to. */
  addressed: readonly string[]
  /** After the opening, what people were told stays as it is. */
  isRunning: boolean
  kind: CampaignKind
}

/** Everything that a campaign is made of. What is wrong or missing stands at its field. */
export async function CampaignForm({ id, typed, faults, missing, views, addressed, isRunning, kind }: Props) {
  // Its mail and what it asks for are given.
  const isStanding = kind !== 'ask'
  const t = await getTranslations('staff.campaigns.form')
  const toWords = await getMissingWords()
  const labels = await getLabels()
  const at = (name: string, more: { hint?: string } = {}) => {
    const lacking = missing.find(({ field }) => field === name)
    return {
      name,
      faults,
      value: typed[name] ?? '',
      missing: lacking && toWords(lacking),
      label: labels[name] ?? name,
      ...more,
    }
  }
  const noMail = at('mailMerge').missing
  const dates = (
    <Section id="dates" title={t('sections.dates')}>
      {isRunning ? null : <TextField {...at('startsOn', { hint: t('hints.startsOn') })} type="date" />}
      <TextField {...at('endsOn', { hint: t(isStanding ? 'hints.endless' : 'hints.endsOn') })} type="date" />
      <CheckField
        name="newcomers"
        label={t('fields.newcomers')}
        hint={t('hints.newcomers')}
        isChecked={typed.newcomers === 'yes'}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField {...at('newcomersAfterDays')} type="number" />
        <TextField {...at('newcomersPerDay')} type="number" />
      </div>
    </Section>
  )
  return (
    <form method="post" action="/staff/campaigns/change" className="space-y-8">
      <FaultSummary faults={faults} labels={labels} />
      <input type="hidden" name="campaign" value={id} />
      <Section id="campaign" title={t('sections.campaign')}>
        <TextField {...at('name', { hint: t('hints.name') })} />
        <TextField {...at('purpose', { hint: t('hints.purpose') })} isLong />
      </Section>
      {isRunning ? null : (
        <>
          <Section id="whom" title={t('sections.who')}>
            <WhoFields
              typed={typed}
              views={views}
              fault={faults.find(({ field }) => field === 'who')}
              missing={at('who').missing}
              isStanding={isStanding}
            />
          </Section>
          <Section id="permissions" title={t('sections.words')}>
            <Words at={at} typed={typed} addressed={addressed} isStanding={isStanding} />
          </Section>
        </>
      )}
      {dates}
      {isRunning || !isStanding ? null : <StandingMail typed={typed} kind={kind} />}
      {isRunning || isStanding ? null : (
        <Section id="mails" title={t('sections.mails')}>
          <p className="note">{t('hints.steps')}</p>
          <CheckField
            name="mailMerge"
            label={t('fields.mailMerge')}
            hint={t('hints.mailMerge')}
            isChecked={typed.mailMerge === 'yes'}
          />
          {noMail ? <FieldMissing name="mailMerge">{noMail}</FieldMissing> : null}
          <StepFields typed={typed} faults={faults} missing={missing} />
        </Section>
      )}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <button type="submit" className="btn btn-primary">
          {t('save')}
        </button>
        <a href={`/staff/campaigns/${id}`} className="inline-flex min-h-8 items-center">
          {t('cancel')}
        </a>
      </div>
    </form>
  )
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="space-y-5">
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  )
}

type FieldOf = (name: string, more?: { hint?: string }) => Parameters<typeof TextField>[0]

type WordsProps = { at: FieldOf; typed: TypedCampaign; addressed: readonly string[]; isStanding: boolean }

async function Words({ at, typed, addressed, isStanding }: WordsProps) {
  const t = await getTranslations('staff.campaigns.form')
  const [toScope, toLanguage, { languages }] = [await getScopeWords(), await getLanguageWords(), env().institution]
  const hintOf = (locale: string) =>
    addressed.includes(locale) ? t('hints.why') : t('hints.whyNobody', { language: toLanguage(locale) })
  const scopes = isStanding ? [] : listAskableScopes()
  const lacking = (scopes[0] ? at(scopeField(scopes[0])).missing : undefined) ?? at('permissions').missing
  return (
    <>
      {isStanding ? null : <p className="note">{t(scopes.length > 0 ? 'hints.permissions' : 'hints.publicApi')}</p>}
      {lacking ? <FieldMissing name="permissions">{lacking}</FieldMissing> : null}
      {languages.map((locale) => (
        <TextField key={locale} {...at(whyField(locale), { hint: hintOf(locale) })} isLong />
      ))}
      {scopes.map((scope) => (
        <div key={scope} className="space-y-3 border-line border-s-2 ps-4">
          <CheckField
            name={scopeField(scope)}
            label={toScope(scope)}
            code={scope}
            isChecked={typed[scopeField(scope)] === 'yes'}
          />
          {languages.map((locale) => (
            <TextField key={locale} {...at(reasonField(locale, scope), { hint: t('hints.reason') })} />
          ))}
        </div>
      ))}
    </>
  )
}

/** The one mail of a standing campaign: our text, or one of the institution’s own that began from it. */
async function StandingMail({ typed, kind }: { typed: TypedCampaign; kind: CampaignKind }) {
  const t = await getTranslations('staff.campaigns.form')
  const name = stepField(1, 'template')
  const templates = [...(await getMailTextWords())].filter(([key]) => isBegunFrom(key, kind))
  return (
    <Section id="mails" title={t('sections.mails')}>
      <SelectMenu
        name={name}
        label={t('fields.template')}
        options={templates.map(([value, words]) => ({ value, words }))}
        value={typed[name] ?? kind}
      />
    </Section>
  )
}

async function getLabels(): Promise<Record<string, string>> {
  const t = await getTranslations('staff.campaigns.form.fields')
  const [toLanguage, toScope] = [await getLanguageWords(), await getScopeWords()]
  const labels: Record<string, string> = {}
  for (const name of ['name', 'purpose', 'who', 'startsOn', 'endsOn', 'newcomersAfterDays', 'newcomersPerDay']) {
    labels[name] = t(name)
  }
  for (const locale of env().institution.languages) {
    const language = toLanguage(locale)
    labels[whyField(locale)] = t('why', { language })
    for (const scope of listAskableScopes()) {
      labels[reasonField(locale, scope)] = t('reason', { language, scope: toScope(scope) })
    }
  }
  for (let place = 1; place <= stepsMax; place++) {
    for (const what of ['template', 'afterDays', 'times'] as const) {
      labels[stepField(place, what)] = `${t('step', { place })}, ${t(what)}`
    }
  }
  return labels
}
