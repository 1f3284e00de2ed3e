/** A made-up image that follows another one: its name with the tag `next`. */
export function nextImage(image: string): string {
  return `${imageName(image)}:next`
}

/** An image without its tag and digest. */
export function imageName(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
}

/** Images in a sentence without their registry, as a column or a title has only so much room; JSON Pointers and names of objects stay. */
export function shortImages(text: string): string {
  return text.replaceAll(/(?<![^\s;(])[^\s;(/][^\s;]*\/([^\s;/]+[:@][^\s;/]+)/g, '$1')
}
