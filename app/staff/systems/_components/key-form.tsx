import { getTranslations } from 'next-intl/server'
import { FormField } from '@/app/staff/_components/form-field'

const kinds = ['key', 'client'] as const

/** Makes another key, beside those that there are: to change a key, both are valid for a while. */
export async function KeyForm({ systemId }: { systemId: string }) {
  const t = await getTranslations('staff.systems.page')
  return (
    <details className="no-print">
      <summary className="min-h-6 font-semibold">{t('newKey')}</summary>
      <form id="new-key" method="post" action="/staff/systems/keys" className="mt-3 max-w-[28rem] space-y-4">
        <input type="hidden" name="system" value={systemId} />
        <FormField name="name" label={t('keyName')} hint={t('keyNameHint')} value="" isNeeded />
        <fieldset className="space-y-2">
          <legend className="font-semibold">{t('keyKind')}</legend>
          {kinds.map((kind) => (
            <label key={kind} className="flex min-h-6 items-start gap-3">
              <input
                type="radio"
                name="kind"
                value={kind}
                defaultChecked={kind === 'key'}
                className="mt-0.5 size-5 shrink-0"
              />
              <span>
                {t(`keyKinds.${kind}`)}
                <span className="note block">{t(`keyKindHints.${kind}`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <FormField name="expiresOn" label={t('keyExpires')} value="" kind="date" />
        <button type="submit" className="btn btn-primary">
          {t('makeKey')}
        </button>
      </form>
    </details>
  )
}
