export type LogoProps = {
  /** Width by height. */
  ratio: number
  /** Whether there is one for dark pages; else it stands on white there. */
  hasDark: boolean
  theme: 'system' | 'light' | 'dark'
  /** Another one for another logo. */
  version: string
}

const height = 32

/** The institution's logo, beside its name. An image, because in images no script runs. */
export function Logo({ ratio, hasDark, theme, version }: LogoProps) {
  return (
    <picture className={hasDark ? undefined : 'logo-plate'}>
      {theme === 'system' ? (
        <source srcSet={`/logo?theme=dark&v=${version}`} media="(prefers-color-scheme: dark)" />
      ) : null}
      <img
        src={`/logo?theme=${theme === 'dark' ? 'dark' : 'light'}&v=${version}`}
        width={Math.round(height * ratio)}
        height={height}
        alt=""
        className="h-8 w-auto max-w-40 object-contain"
      />
    </picture>
  )
}
