// Verifies every token service that is broken on purpose, and prints what was found of each as a Markdown table. Exits with
// 1 when one is not found for what it is.
import { allMutants, type Detection, detect } from '../test/broken/detection.ts'

const detections: Detection[] = []
console.log('| a service that | rule | reported | found |\n|---|---|---|---|')
for (const mutant of allMutants) {
  const detection = await detect(mutant)
  detections.push(detection)
  console.log(rowOf(detection))
}
const found = detections.filter(({ isFound }) => isFound).length
const share = ((100 * found) / detections.length).toFixed(1)
console.log(`\n${found} of ${detections.length} found (${share} %).`)
process.exitCode = found === detections.length ? 0 : 1

function rowOf({ mutant, reported, broken, isFound }: Detection): string {
  const rules = reported.length === 0 ? 'nothing' : reported.join(', ')
  const shown = isFound ? rules : `${rules} (of ${broken.join(', ') || 'nothing'})`
  return `| ${mutant.breaks} | ${mutant.rule} | ${shown} | ${isFound ? 'yes' : 'no'} |`
}
