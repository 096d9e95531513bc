export type LogoProps = {
  /** Width by height. */
  ratio: number
  /** Whether there is one for dark pages; else it stands on white there. */
  hasDark: boolean
  theme: 'system' | 'light' | 'dark'
}

const height = 32

/** The institution's logo, beside its name. An image, because in images no script runs. */
export function Logo({ ratio, hasDark, theme }: LogoProps) {
  return (
    <picture className={hasDark ? undefined : 'logo-plate'}>
      {theme === 'system' ? <source srcSet="/logo?theme=dark" media="(prefers-color-scheme: dark)" /> : null}
      <img
        src={theme === 'dark' ? '/logo?theme=dark' : '/logo'}
        width={Math.round(height * ratio)}
        height={height}
        alt=""
        className="h-8 w-auto max-w-40 object-contain"
      />
    </picture>
  )
}
