"""What the installer says, in Chinese: English template to Chinese. Readable to every Python 3."""

TEXTS = {
    # bootstrap.py
    "Python {oldest} or newer is needed, and this is {found}. Install a newer Python, and start this script "
    "with it, for example: python3.12 packaging/bootstrap.py start": (
        "需要 Python {oldest} 或更新的版本，而这里是 {found}。请安装较新的 Python，并用它启动本脚本，"
        "例如：python3.12 packaging/bootstrap.py start"
    ),
    "This Python cannot make environments: its modules venv and ensurepip are not installed. "
    "On Debian or Ubuntu: sudo apt install python3-venv": (
        "这个 Python 无法创建环境：没有安装 venv 和 ensurepip 模块。"
        "在 Debian 或 Ubuntu 上：sudo apt install python3-venv"
    ),
    "Another start is installing already; waiting until it has ended ...": "另一次启动正在安装，等待其结束 …",
    "PyTorch's own index cannot be reached ({address}); its build comes from the package index instead.": (
        "无法连接 PyTorch 自己的索引（{address}），改从软件包索引获取。"
    ),
    "{reason}, as far as the package index goes": "{reason}（以软件包索引所有的为准）",
    "Making a new environment beside the one in use ({folder}) ...": "正在现用环境旁边创建新环境（{folder}）…",
    "Making an environment of its own in {folder} ...": "正在 {folder} 中创建独立环境 …",
    "The environment could not be made in {folder}. The lines above say why; is the disk full?": (
        "无法在 {folder} 中创建环境。原因见上；磁盘是否已满？"
    ),
    "uv could not be fetched; pip installs instead.": "无法获取 uv，改用 pip 安装。",
    "The packages could not be worked out. Check the connection to the internet (behind a proxy, set "
    "HTTPS_PROXY), then run the same command again. What was said: {reason}": (
        "无法确定需要哪些软件包。请检查网络连接（若使用代理，请设置 HTTPS_PROXY），"
        "然后再次运行同一命令。返回的信息：{reason}"
    ),
    "To fetch: {count} packages, {size}; PyTorch: {kind}, {reason}.": (
        "需要下载：{count} 个软件包，共 {size}；PyTorch：{kind}，{reason}。"
    ),
    "the package index's build": "软件包索引的版本",
    "Latent Studio itself could not be installed; the lines above say why.": "无法安装 Latent Studio 本身，原因见上。",
    "Drawing a picture, to see whether it works ...": "正在画一张图片，检查能否正常工作 …",
    "The new environment in {folder} does not draw a picture; the lines above say why. {then}": (
        "{folder} 中的新环境画不出图片，原因见上。{then}"
    ),
    "The one before stays in use.": "继续使用之前的环境。",
    "Run the same command again.": "请再次运行同一命令。",
    "Cannot write into {folder}: {reason}. Make room on the disk, or clone Latent Studio into a folder that you "
    "may write to.": "无法写入 {folder}：{reason}。请腾出磁盘空间，或将 Latent Studio 克隆到有写入权限的文件夹。",
    "Interrupted; run the same command again to go on.": "已中断；再次运行同一命令即可继续。",
    # environments.py
    "Installing needs about {needed} on the disk of {folder}, and {free} are free. Make room, or move Latent "
    "Studio to a larger disk, and run the same command again.": (
        "安装大约需要 {folder} 所在磁盘上的 {needed}，而可用空间为 {free}。"
        "请腾出空间，或将 Latent Studio 移到更大的磁盘，然后再次运行同一命令。"
    ),
    # packages.py and by_pip.py
    "Installing failed; the lines above say why. Check the connection to the internet and the free space on the "
    "disk, then run the same command again: what is already downloaded is kept.": (
        "安装失败，原因见上。请检查网络连接和磁盘剩余空间，然后再次运行同一命令：已下载的内容会保留。"
    ),
    # builds.py
    "“{device}” is no device. Choose one of: {all}.": "“{device}”不是设备。请选择其一：{all}。",
    "the window fetches it when it is wanted": "需要时由窗口下载",
    "There is no build for {device} on a Mac. Leave --device away, or choose mps or cpu.": (
        "Mac 上没有用于 {device} 的版本。请去掉 --device，或选择 mps 或 cpu。"
    ),
    "the build for Macs uses Apple's graphics where there are any": "Mac 版本在有 Apple 图形处理器时会使用它",
    "mps is Apple's graphics, and this is no Mac. Leave --device away, or choose another.": (
        "mps 是 Apple 的图形处理器，而这台电脑不是 Mac。请去掉 --device，或选择其他设备。"
    ),
    "you chose the processor": "您选择了处理器",
    "AMD's ROCm builds exist for Linux only. Leave --device away to use the processor.": (
        "AMD 的 ROCm 版本仅用于 Linux。请去掉 --device 以使用处理器。"
    ),
    "for {name}": "用于 {name}",
    "for {name}, driver {version}": "用于 {name}，驱动程序 {version}",
    "no graphics card that PyTorch can use was found": "没有找到 PyTorch 能用的显卡",
    "no graphics card that PyTorch can use was found ({name})": "没有找到 PyTorch 能用的显卡（{name}）",
    "you chose cuda, though no fitting NVIDIA driver was found": "您选择了 cuda，但没有找到合适的 NVIDIA 驱动程序",
    "no driver for {name} was found. Install NVIDIA's and start with --device cuda to use the card": (
        "没有找到 {name} 的驱动程序。要使用显卡，请安装 NVIDIA 的驱动程序，并以 --device cuda 启动"
    ),
    "Nothing is to be fetched; PyTorch: {kind}, {reason}.": "无需下载；PyTorch：{kind}，{reason}。",
    "the driver of {name} ({version}) is too old. Update it to {oldest} or newer and start with --device cuda to "
    "use the card": (
        "{name} 的驱动程序（{version}）太旧。要使用显卡，请更新到 {oldest} 或更新的版本，并以 --device cuda 启动"
    ),
    # machine.py
    "AMD graphics": "AMD 显卡",
    "AMD graphics without ROCm": "没有 ROCm 的 AMD 显卡",
    "Apple graphics": "Apple 图形处理器",
    "Intel Arc graphics": "Intel Arc 显卡",
    "Intel graphics": "Intel 显卡",
    "Intel graphics of the processor": "处理器内置的 Intel 显卡",
    "NVIDIA graphics": "NVIDIA 显卡",
    # download.py
    "  {done:,.0f} of {total:,.0f} MB, {speed:.1f} MB/s": "  {done:,.0f} / {total:,.0f} MB，{speed:.1f} MB/s",
    "{address} answered {answer}": "{address} 返回 {answer}",
    "the server answered {answer}": "服务器返回 {answer}",
    "the connection was cut off": "连接中断",
    "{address} is not the file that was promised (its checksum differs)": "{address} 不是应有的文件（校验和不符）",
    # packages.py
    "The versions that this release was tried with cannot all be had here; taking the newest that fit.": (
        "这里无法得到本版本试过的全部软件包版本，改用合适的最新版本。"
    ),
    "torch and torchvision do not come from one place and would not work together: {both}.": (
        "torch 和 torchvision 来源不同，无法一起使用：{both}。"
    ),
    "Fetching {package} {version} ({size}) ...": "正在下载 {package} {version}（{size}）…",
    "{package} could not be fetched: {reason}. Check the connection (behind a proxy, set HTTPS_PROXY) and run the "
    "same command again: what has come is kept.": (
        "无法下载 {package}：{reason}。请检查网络连接（若使用代理，请设置 HTTPS_PROXY），"
        "然后再次运行同一命令：已下载的部分会保留。"
    ),
    "Installing {count} packages, of which {size} in small files are fetched now ...": (
        "正在安装 {count} 个软件包，其中共 {size} 的小文件现在下载 …"
    ),
}
