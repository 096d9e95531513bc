import { ChevronDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { PermissionWords } from '@/app/_components/permission'

type Props = { decide: string; permissions: readonly Omit<ScopeChoiceProps, 'always'>[] }

/** What is asked for, each with a box to leave it out. */
export function ScopeChoices({ decide, permissions }: Props) {
  const t = useTranslations('connect')
  return (
    <fieldset className="min-w-0 space-y-3">
      <legend className="font-semibold">{decide}</legend>
      <p className="note">{t('hint')}</p>
      <div className="card card-list">
        {permissions.map((permission) => (
          <ScopeChoice
            key={permission.scope}
            always={permission.scope === 'openid' ? t('always') : null}
            {...permission}
          />
        ))}
      </div>
    </fieldset>
  )
}

/** The same, folded, for a page that has shown what is asked for. */
export function FewerScopes(props: Props) {
  const t = useTranslations('connect')
  if (props.permissions.length < 2) return null
  return (
    <details className="group">
      <summary className="inline-flex min-h-6 list-none items-center gap-1 font-semibold [&::-webkit-details-marker]:hidden">
        <ChevronDown
          size={20}
          className="-rotate-90 transition-transform duration-100 group-open:rotate-0 rtl:rotate-90"
        />
        {t('title')}
      </summary>
      <div className="mt-3">
        <ScopeChoices {...props} />
      </div>
    </details>
  )
}

type ScopeChoiceProps = {
  scope: string
  title: string
  explanation: string
  reason: string
  uses?: readonly string[]
  /** Said of the one that cannot be left out; null for the others. */
  always: string | null
}

function ScopeChoice({ always, ...permission }: ScopeChoiceProps) {
  const { scope } = permission
  return (
    <label className="flex gap-3 py-3">
      {/* A disabled box is not sent, so a hidden field stands in for it. */}
      {always ? <input type="hidden" name="scope" value={scope} /> : null}
      <input
        type="checkbox"
        name="scope"
        value={scope}
        defaultChecked
        disabled={always !== null}
        className="mt-0.5 size-6 shrink-0"
      />
      <PermissionWords {...permission}>{always ? <span className="note">{always}</span> : null}</PermissionWords>
    </label>
  )
}
