// For a container's health check, in an image without curl: node infra/docker/healthy.mjs <port>
const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/health`)
process.exit(answer.ok ? 0 : 1)
