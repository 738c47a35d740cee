import { NEEDLES } from '../../../lib/layers/recognise/machine-code';
import { MARKER_WINDOWS } from '../../../lib/layers/recognise/marker-windows';
import { chooseWindows, windowsOf } from '../../../lib/layers/recognise/needle-window';

test('the windows are those that would be chosen: when this fails, take them from what it prints', () => {
  const needles = NEEDLES.map((needle) => Buffer.from(needle, 'latin1'));
  const chosen = chooseWindows(needles);
  const choices = needles.map((_, i) => chosen.slice(2 * i, 2 * i + 2).flatMap(({ offset, group }) => [offset, group]));
  expect(MARKER_WINDOWS).toEqual(choices);
  expect(windowsOf(needles, MARKER_WINDOWS)).toEqual(chosen);
});
