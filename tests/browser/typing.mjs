// usage: node typing.mjs BASE
// Measures what a keystroke costs the main thread until the preview is updated: 100 lines of
// Dockerfile and the same with a job, four platforms. Prints milliseconds as JSON; asserts nothing.

import { onPage } from './chromium.mjs';

const [base] = process.argv.slice(2);
const stage = (at) =>
  `FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build${at}\nWORKDIR /src\nARG TARGETOS TARGETARCH\n` +
  'COPY . .\nENV CGO_ENABLED=0\nRUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/app ./cmd/app\n' +
  'LABEL part=one\nEXPOSE 8080\nUSER 1000\n\n';
const copies = [...Array(8).keys()].map((at) => `COPY --from=build${at} /out/app /app${at}\n`).join('');
const dockerfile =
  [...Array(8).keys()].map(stage).join('') + `FROM alpine:3.24\nRUN apk add --no-cache tini\n${copies}` +
  'ENV A=1\n'.repeat(9) + 'ENTRYPOINT ["tini"]\n';
const job =
  'build:\n  image: docker:29\n  services: [docker:29-dind]\n  variables:\n' +
  '    DOCKER_HOST: tcp://docker:2376\n    DOCKER_TLS_CERTDIR: /certs\n    DOCKER_TLS_VERIFY: "1"\n' +
  '    DOCKER_CERT_PATH: /certs/client\n  before_script:\n    - until docker info > /dev/null 2>&1; do sleep 1; done\n' +
  '    - docker context create tls\n    - docker buildx create --use tls\n' +
  '    - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin\n  script:\n' +
  '    - docker buildx build --platform linux/amd64,linux/arm64,linux/arm/v7,linux/riscv64 -t acme/app:1 --push .\n';

const complaints = [];
const result = await onPage({ viewport: { width: 1440, height: 900 } }, complaints, async (page) => {
  await page.goto(`${base}/#/scenarios/go-cross`);
  await page.getByRole('link', { name: /cross/i }).first().waitFor();
  await page.getByRole('tab', { name: 'Dockerfile' }).click();
  const editor = page.locator('.cm-content#dockerfile');
  await editor.fill(dockerfile);
  await page.keyboard.press('Escape');
  await page.locator('#outcome-tab-0').click();
  await page.locator('body').press('p');
  const alone = await measure(page, editor);
  await page.getByRole('tab', { name: 'CI job' }).click();
  await page.locator('.cm-content#job').fill(job);
  await page.getByRole('tab', { name: 'Dockerfile' }).click();
  return { lines: dockerfile.split('\n').length, alone, job: await measure(page, editor) };
});
console.log(JSON.stringify({ complaints, ...result }));

async function measure(page, editor) {
  await editor.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('End');
  return page.evaluate(async () => {
    const times = [];
    const idle = () => new Promise((resolve) => setTimeout(resolve, 60));
    for (let at = 0; at < 60; at++) {
      await idle();
      const start = performance.now();
      document.execCommand('insertText', false, at % 10 === 9 ? ' ' : 'x');
      // Editor and app work in microtasks; a message comes after all of them.
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(0);
      });
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    const part = (share) => Number(times[Math.floor(times.length * share)].toFixed(1));
    return { p50: part(0.5), p95: part(0.95), most: part(0.999) };
  });
}
