import { getTranslations } from 'next-intl/server'
import { Logo } from '@/app/_components/logo'
import { env } from '@/lib/config/env'
import { settings } from '@/lib/config/settings'
import { getLogoProps } from '@/lib/http/logo'
import { findLock } from '@/lib/settings/locks'
import { type LogoVariable, logoVariables } from '@/lib/settings/setting'

const faults = ['too_large', 'no_file', 'no_viewbox', 'unreadable', 'light_first', 'changed'] as const

/** The logos for light and for dark pages: each is saved as soon as it is sent. */
export async function LogoForms({ fault: said }: { fault: string | null }) {
  const t = await getTranslations('staff.settings.logos')
  const fault = faults.find((one) => one === said)
  return (
    <section aria-labelledby="logos" className="space-y-4">
      <h2 id="logos" className="scroll-mt-16">
        {t('title')}
      </h2>
      <p className="note">{t('hint')}</p>
      {fault ? (
        <p role="alert" className="font-medium text-bad">
          {t(`faults.${fault}`)}
        </p>
      ) : null}
      <div className="grid gap-4 sm:grid-cols-2">
        {logoVariables.map((variable) => (
          <LogoForm key={variable} variable={variable} />
        ))}
      </div>
    </section>
  )
}

async function LogoForm({ variable }: { variable: LogoVariable }) {
  const t = await getTranslations('staff.settings')
  const theme = variable === 'INSTITUTION_LOGO' ? 'light' : 'dark'
  const lock = findLock(variable)
  const { values, version } = settings()
  const { logo, logoDark } = env().institution
  const isOwn = Boolean(theme === 'light' ? logo : logoDark)
  return (
    <div className="card card-small space-y-3">
      <h3>{t(`fields.${variable}`)}</h3>
      <p className={`look-${theme} flex items-center gap-3 rounded-lg border border-line bg-ground p-3`}>
        <Logo {...getLogoProps()} theme={theme} />
        <span className="note">{t(isOwn ? 'logos.present' : 'logos.none')}</span>
      </p>
      {lock && 'variable' in lock ? (
        <p className="note [overflow-wrap:anywhere]">{t('setByVariable', { variable: lock.variable })}</p>
      ) : (
        <form method="post" action="/staff/settings/logo" encType="multipart/form-data" className="space-y-3">
          <input type="hidden" name="logo" value={variable} />
          <input type="hidden" name="version" value={version} />
          <label className="block space-y-1">
            <span className="note block">{t('logos.file')}</span>
            <input type="file" name="file" accept="image/svg+xml,image/png" className="block w-full min-w-0 text-sm" />
          </label>
          <div className="flex flex-wrap gap-3">
            <button type="submit" name="do" value="save" className="btn btn-quiet">
              {t('logos.save')}
            </button>
            {values[variable] ? (
              <button type="submit" name="do" value="remove" className="btn btn-quiet">
                {t('logos.remove')}
              </button>
            ) : null}
          </div>
        </form>
      )}
    </div>
  )
}
