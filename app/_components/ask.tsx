import { ChevronDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Permission, PermissionList } from '@/app/_components/permission'
import { ScopeDetails } from '@/app/_components/technical-details'

type AskContent = Omit<AskIntroProps, 'more' | 'isBelow'> &
  Omit<AskTermsProps, 'recipientsLabel' | 'giveLess'> &
  AskedPermissionsProps

type AskProps = { content: AskContent; isBelow?: boolean; hasChoice?: boolean }

/**
 * All that is said before the button where everything is asked for; below the heading of another page with `isBelow`.
 * Without `hasChoice` the page has a choice of its own.
 */
export function Ask({ content, isBelow = false, hasChoice = true }: AskProps) {
  const t = useTranslations('front')
  return (
    <>
      <AskIntro {...content} more={t('moreAboutOrcid')} isBelow={isBelow} />
      <AskedPermissions {...content} />
      <AskTerms
        {...content}
        recipientsLabel={t('recipients')}
        giveLess={hasChoice && content.permissions.length > 1 ? <a href="/connect">{t('giveLess')}</a> : null}
      />
    </>
  )
}

type AskIntroProps = {
  heading: string
  asker: string
  aboutOrcid: string
  benefit: string
  more: string
  isBelow?: boolean
}

/** Who asks, what ORCID is, and what it does here: stands before every button that leads to ORCID. */
export function AskIntro({ heading, asker, aboutOrcid, benefit, more, isBelow }: AskIntroProps) {
  return (
    <div className="space-y-3">
      {isBelow ? <h2>{heading}</h2> : <h1>{heading}</h1>}
      <p>
        {asker} {aboutOrcid}
      </p>
      <p>{benefit}</p>
      <p>
        <a href="https://orcid.org">{more}</a>
      </p>
    </div>
  )
}

type AskedPermissionsProps = {
  decide: string
  permissions: readonly {
    scope: string
    title: string
    explanation: string
    reason: string
    uses?: readonly string[]
  }[]
}

/** Everything that is asked for, where there is nothing to choose. */
export function AskedPermissions({ decide, permissions }: AskedPermissionsProps) {
  const t = useTranslations('front')
  return (
    <div className="space-y-3">
      <p className="font-semibold">{decide}</p>
      <PermissionList label={t('permissions')}>
        {permissions.map((permission) => (
          <Permission key={permission.scope} {...permission} />
        ))}
      </PermissionList>
    </div>
  )
}

type AskTermsProps = Pick<AskedPermissionsProps, 'permissions'> & {
  allOrNone: string | null
  giveLess?: ReactNode
  duration: string
  remains: string | null
  refusal: string
  recipientsLabel: string
  recipients: readonly string[]
}

/** For how long, who will use it, and what saying no means. */
export function AskTerms({
  permissions,
  allOrNone,
  giveLess,
  duration,
  remains,
  refusal,
  recipientsLabel,
  recipients,
}: AskTermsProps) {
  return (
    <div className="space-y-3">
      {allOrNone ? (
        <p>
          {allOrNone} {giveLess}
        </p>
      ) : null}
      <p>
        {duration} {remains}
      </p>
      <div className="flex flex-wrap items-start gap-x-8">
        <details className="group min-w-0">
          <summary className="inline-flex min-h-6 list-none items-center gap-1 font-semibold [&::-webkit-details-marker]:hidden">
            <ChevronDown
              size={20}
              className="-rotate-90 transition-transform duration-100 group-open:rotate-0 rtl:rotate-90"
            />
            {recipientsLabel}
          </summary>
          <ul className="mt-1 list-disc ps-11">
            {recipients.map((recipient) => (
              <li key={recipient}>{recipient}</li>
            ))}
          </ul>
        </details>
        <ScopeDetails permissions={permissions} />
      </div>
      <p>{refusal}</p>
    </div>
  )
}
