// PNG of a figure: its SVG file, drawn twice as large on a canvas here. Without script there are CSV and SVG.
const TWICE = 2;
const LARGEST = 64e6;    // pixels that every browser's canvas holds: what is longer is drawn less fine

async function picture(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(answer.status);
  const url = URL.createObjectURL(new Blob([await answer.text()], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    const times = Math.min(TWICE, Math.sqrt(LARGEST / (image.width * image.height)));
    canvas.width = image.width * times;
    canvas.height = image.height * times;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(blob => blob ? resolve(blob) : reject(new Error("no picture")), "image/png");
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

document.querySelectorAll("button[data-png]").forEach(button => {
  const line = button.closest(".downloads");
  const status = line.querySelector("[aria-live]");
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    status.textContent = "";
    button.disabled = true;
    try {
      save(await picture(button.dataset.png), button.dataset.name);
    } catch (error) {
      status.textContent = line.dataset.failed;
      console.warn(error);
    }
    button.disabled = false;
    button.focus();
  });
});
