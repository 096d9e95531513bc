import { ChevronDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { TechnicalDetails } from '@/app/_components/technical-details'

type Permission = {
  scope: string
  title: string
  explanation: string
  reason: string
  uses?: readonly string[]
}

type IntroProps = {
  heading: string
  asker: string
  aboutOrcid: string
  benefit: string
  isBelow?: boolean
  moreAboutOrcid?: string
}
type PermissionsProps = { decide: string; permissions: readonly Permission[] }
type TermsProps = { duration: string; remains: string | null; refusal: string }
type MoreProps = { permissions: readonly Permission[]; recipients: readonly string[] }

type AskProps = { content: IntroProps & PermissionsProps & TermsProps; isBelow?: boolean; moreAboutOrcid?: string }

/**
 * What has to be read before the button, in short; below the heading of another page with `isBelow`. `moreAboutOrcid`:
 * the words of the link, where the language is not the page’s.
 */
export function Ask({ content, isBelow, moreAboutOrcid }: AskProps) {
  return (
    <div className="space-y-2.5 sm:space-y-4">
      <AskIntro {...content} isBelow={isBelow} moreAboutOrcid={moreAboutOrcid} />
      <AskedPermissions {...content} />
      <AskTerms {...content} />
    </div>
  )
}

/** Who asks, why, and what ORCID is: stands before every button that leads to ORCID. */
export function AskIntro({ heading, asker, aboutOrcid, benefit, isBelow, moreAboutOrcid }: IntroProps) {
  const t = useTranslations('front')
  return (
    <div className="space-y-2 sm:space-y-3">
      {isBelow ? <h2>{heading}</h2> : <h1 className="text-2xl sm:text-[1.75rem]">{heading}</h1>}
      <p>
        {asker} {benefit} {aboutOrcid} <a href="https://orcid.org">{moreAboutOrcid ?? t('moreAboutOrcid')}</a>
      </p>
    </div>
  )
}

/** Everything that is asked for, where there is nothing to choose: each on its line, with its reason. */
export function AskedPermissions({ decide, permissions }: PermissionsProps) {
  const t = useTranslations('front')
  return (
    <div className="space-y-1.5 sm:space-y-2">
      <p>{decide}</p>
      <ul aria-label={t('permissions')} className="list-disc space-y-1 ps-5 sm:space-y-1.5">
        {permissions.map(({ scope, title, reason }) => (
          <li key={scope}>
            <span className="font-semibold">{title}</span> <span className="text-ink-soft">{reason}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** For how long, and what saying no means. */
export function AskTerms({ duration, remains, refusal }: TermsProps) {
  return (
    <p>
      {duration} {remains} {refusal}
    </p>
  )
}

/** The rest, which opens in place: what each permission covers exactly, and who will use it. */
export function AskMore({ permissions, recipients }: MoreProps) {
  const t = useTranslations('front')
  return (
    <div>
      <More title={t('exactly')}>
        <ul className="space-y-2">
          {permissions.map(({ scope, title, explanation, uses = [] }) => (
            <li key={scope}>
              <span className="font-semibold">{title}</span>
              <p>{explanation}</p>
              {uses.map((use) => (
                <p key={use} dir="auto" className="[overflow-wrap:anywhere]">
                  {use}
                </p>
              ))}
            </li>
          ))}
        </ul>
        <TechnicalDetails>
          <ul>
            {permissions.map(({ scope, title }) => (
              <li key={scope}>
                {title}: <code className="whitespace-nowrap">{scope}</code>
              </li>
            ))}
          </ul>
        </TechnicalDetails>
      </More>
      <More title={t('recipients')}>
        <ul className="list-disc ps-5">
          {recipients.map((recipient) => (
            <li key={recipient}>{recipient}</li>
          ))}
        </ul>
      </More>
    </div>
  )
}

/** What opens in place below the button. */
export function More({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="group min-w-0">
      <summary className="flex min-h-9 list-none items-center gap-1 font-semibold [&::-webkit-details-marker]:hidden">
        <ChevronDown
          size={20}
          className="-rotate-90 transition-transform duration-100 group-open:rotate-0 rtl:rotate-90"
        />
        {title}
      </summary>
      <div className="space-y-2 pt-1 pb-3 ps-6">{children}</div>
    </details>
  )
}
