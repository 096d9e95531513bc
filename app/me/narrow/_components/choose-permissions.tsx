import { getTranslations } from 'next-intl/server'
import { PermissionWords } from '@/app/_components/permission'
import type { DescribedScope } from '@/lib/texts/asked'

/** Everything that is permitted, to untick what shall be no longer. */
export async function ChoosePermissions({ permissions }: { permissions: DescribedScope[] }) {
  const t = await getTranslations('narrow')
  return (
    <form method="get" action="/me/narrow" className="space-y-6">
      <fieldset className="min-w-0 space-y-3">
        <legend className="font-semibold">{t('choose')}</legend>
        <p className="note">{t('hint')}</p>
        <div className="card card-list">
          {permissions.map(({ scope, title, explanation }) => (
            <label key={scope} className="flex gap-3 py-3">
              <input type="checkbox" name="keep" value={scope} defaultChecked className="mt-0.5 size-6 shrink-0" />
              <PermissionWords title={title} explanation={explanation} />
            </label>
          ))}
        </div>
      </fieldset>
      <button type="submit" name="sure" value="asked" className="btn btn-primary no-print">
        {t('goOn')}
      </button>
    </form>
  )
}
