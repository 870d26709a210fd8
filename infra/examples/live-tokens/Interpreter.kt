// Interprets what the microphone hears, in an Android app: OkHttp, org.json, and the permission RECORD_AUDIO.
// `token`, `url` and `model` are what POST /api/live-tokens answered to your own server. `run` wants its own thread.
import android.media.*
import android.util.Base64
import okhttp3.*
import okio.ByteString
import org.json.JSONObject

class Interpreter(token: String, url: String, model: String, target: String, val show: (String) -> Unit) : WebSocketListener() {
    private val mono = AudioFormat.Builder().setEncoding(AudioFormat.ENCODING_PCM_16BIT)
    private val speaker = AudioTrack.Builder().setBufferSizeInBytes(48_000)
        .setAudioFormat(mono.setSampleRate(24_000).setChannelMask(AudioFormat.CHANNEL_OUT_MONO).build()).build()
    private val microphone = AudioRecord(MediaRecorder.AudioSource.VOICE_COMMUNICATION, 16_000,
        AudioFormat.CHANNEL_IN_MONO, AudioFormat.ENCODING_PCM_16BIT, 32_000)
    private val setup = """{"setup": {"model": "$model", "generationConfig": {"responseModalities": ["AUDIO"],
        "translationConfig": {"targetLanguageCode": "$target"}}, "outputAudioTranscription": {}}}"""
    private val socket = OkHttpClient().newWebSocket(Request.Builder().url("$url?access_token=$token").build(), this)

    override fun onOpen(webSocket: WebSocket, response: Response) { webSocket.send(setup) }

    override fun onMessage(webSocket: WebSocket, bytes: ByteString) {
        val content = JSONObject(bytes.utf8()).optJSONObject("serverContent") ?: return
        content.optJSONObject("outputTranscription")?.let { show(it.optString("text")) }
        val parts = content.optJSONObject("modelTurn")?.optJSONArray("parts") ?: return
        val sound = Base64.decode(parts.getJSONObject(0).getJSONObject("inlineData").getString("data"), Base64.DEFAULT)
        speaker.write(sound, 0, sound.size)
    }

    fun run(goOn: () -> Boolean) {
        val chunk = ByteArray(3200) // 100 ms
        speaker.play(); microphone.startRecording()
        while (goOn() && microphone.read(chunk, 0, chunk.size) == chunk.size) {
            val data = Base64.encodeToString(chunk, Base64.NO_WRAP)
            socket.send("""{"realtimeInput": {"audio": {"data": "$data", "mimeType": "audio/pcm;rate=16000"}}}""")
        }
        socket.close(1000, null); microphone.release(); speaker.release()
    }
}
