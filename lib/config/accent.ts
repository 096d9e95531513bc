type Rgb = [number, number, number]

// The surfaces in app/_theme/tokens.css with the lowest contrast.
const grounds = { light: [238, 240, 242] as Rgb, dark: [35, 39, 44] as Rgb }
/** WCAG 2.2, success criterion 1.4.3. */
const contrastMin = 4.5

/** Darkens or lightens the accent until its contrast reaches 4.5. Returns null for anything but `#rrggbb`. */
export function readableAccents(text: string): { light: string; dark: string } | null {
  const rgb = toRgb(text)
  if (!rgb) return null
  return { light: toHex(shade(rgb, grounds.light, 0)), dark: toHex(shade(rgb, grounds.dark, 255)) }
}

/** Whether it can be read on light pages as it is: its contrast there, and the nearest colour with enough. */
export function judgeAccent(text: string): { contrast: number; nearest: string; isReadable: boolean } | null {
  const rgb = toRgb(text)
  if (!rgb) return null
  const nearest = toHex(shade(rgb, grounds.light, 0, 100))
  return { contrast: contrast(rgb, grounds.light), nearest, isReadable: nearest === text.toLowerCase() }
}

/** The contrast of a colour on the pages of a theme. */
export function contrastOn(theme: 'light' | 'dark', text: string): number {
  const rgb = toRgb(text)
  return rgb ? contrast(rgb, grounds[theme]) : 0
}

function toRgb(text: string): Rgb | null {
  if (!/^#[0-9a-f]{6}$/i.test(text)) return null
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)) as Rgb
}

function shade(rgb: Rgb, ground: Rgb, towards: number, steps = 20): Rgb {
  for (let step = 0; step <= steps; step++) {
    const mixed = rgb.map((channel) => Math.round(channel + ((towards - channel) * step) / steps)) as Rgb
    if (contrast(mixed, ground) >= contrastMin) return mixed
  }
  return [towards, towards, towards]
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}
